/** `wetgrad features days`: which features of a dish are found again on later days. */
import { join } from "node:path";
import { Command } from "commander";
import type { DaysReport } from "../../features/days.ts";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import type { Recording } from "../../recording/contract.ts";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { numberOf } from "../options/numbers.ts";
import { type RecordingTexts, readOptionsOf, withRecordingOptions } from "../options/recording.ts";

interface DaysFlags extends RecordingTexts {
  readonly features: string;
  readonly windowMs: string;
  readonly restarts: string;
  readonly surrogates: string;
  readonly steps: string;
  readonly seed: string;
  readonly out: string;
  readonly json?: boolean;
}

export function daysCommand(): Command {
  return withRecordingOptions(
    new Command("days")
      .description(
        "follow the features of a dish over days: found again, and followed by a dictionary per day",
      )
      .argument("<recordings...>", "the first day, then later ones, of the same channels"),
  )
    .option("--features <n>", "features to look for on each day", "24")
    .option("--window-ms <n>", "length of a window", "100")
    .option("--restarts <n>", "restarts of each day", "5")
    .option("--surrogates <n>", "surrogates of each day", "5")
    .option("--steps <n>", "steps of each fit", "400")
    .option("--seed <n>", "seed of all of it", "1")
    .option("--out <dir>", "folder for days.json and what is learned", "features/days")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad features days div14.h5 div21.h5 div25.h5 --out features/dish\n",
    )
    .action(days);
}

async function days(paths: string[], flags: DaysFlags): Promise<void> {
  if (paths.length < 2)
    throw new UsageError(
      `<recordings...>: expected at least two days, got ${paths.length}: name later ones, too`,
    );
  const whole = (text: string, flag: string, min: number, max: number) =>
    numberOf(text, flag, { min, max, whole: true });
  const options = {
    features: whole(flags.features, "--features", 1, 1024),
    windowSeconds: numberOf(flags.windowMs, "--window-ms", { min: 1, max: 60_000 }) / 1000,
    restarts: whole(flags.restarts, "--restarts", 2, 50),
    surrogates: whole(flags.surrogates, "--surrogates", 0, 50),
    steps: whole(flags.steps, "--steps", 1, 1e6),
    seed: whole(flags.seed, "--seed", 0, 2 ** 31),
    folder: flags.out,
  };
  writableFolder(flags.out, "--out");
  const read = readOptionsOf(flags);
  const [{ openRecording }, { followDays }] = await Promise.all([
    import("../../recording/open.ts"),
    import("../../features/days.ts"),
  ]);
  const recordings: Recording[] = [];
  const progress = createProgress(process.stderr);
  try {
    for (const path of paths) recordings.push(await openRecording(path, read));
    const report = await interruptible(
      (signal) =>
        followDays(recordings, {
          ...options,
          signal,
          onProgress: (done, total, message) => progress.update({ done, total, unit: "%", message }),
        }),
      progress.say,
    );
    progress.end();
    makeFolder(flags.out);
    writeWhole(join(flags.out, "days.json"), `${JSON.stringify(report, null, 1)}\n`);
    if (flags.json) printJson(report);
    else print(table(report));
  } finally {
    progress.end();
    for (const recording of recordings) recording.close();
  }
}

function table({ features, channels, days: all }: DaysReport): string {
  const mean = (values: readonly number[]) =>
    values.length === 0 ? "-" : (values.reduce((sum, v) => sum + v, 0) / values.length).toFixed(2);
  return [
    `${features.length} features of the first day kept, ${channels.length} channels`,
    "day: kept of its own; of the first day's found again (in a surrogate); followed, cosine (through surrogates)",
    ...all.map(
      (day) =>
        `${day.recording}: ${day.kept}; ${day.foundAgain} (${day.foundInSurrogate}); ${mean(day.followed)} (${mean(day.followedSurrogate)})`,
    ),
  ].join("\n");
}
