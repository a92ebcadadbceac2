/** `wetgrad features fit`: which features of a recording are found again, and are not there in surrogates. */
import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { Command } from "commander";
import { METHODS } from "../../features/contract.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { nameOf } from "../options/names.ts";
import { numberOf } from "../options/numbers.ts";
import {
  type RecordingTexts,
  readOptionsOf,
  tellDoubts,
  withRecordingOptions,
} from "../options/recording.ts";

interface FitFlags extends RecordingTexts {
  readonly method: string;
  readonly features: string;
  readonly windowMs: string;
  readonly restarts: string;
  readonly surrogates: string;
  readonly seed: string;
  readonly steps?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function fitCommand(): Command {
  return withRecordingOptions(
    new Command("fit")
      .description(
        "find the sparse features of a recording: those that restarts agree on and surrogates lack",
      )
      .argument("<recording|run>", "a recording of spikes, or the folder of a run"),
  )
    .option("--method <name>", `how: ${METHODS.join(", ")}`, "em")
    .option("--features <n>", "features to look for", "24")
    .option("--window-ms <n>", "length of a window", "100")
    .option("--restarts <n>", "fits, each of another half of the windows; a feature has to be in 4 of 5", "5")
    .option("--surrogates <n>", "fits with every electrode rolled in time by itself", "5")
    .option("--seed <n>", "seed of all of it", "1")
    .option("--steps <n>", "steps of each fit (default: by method)")
    .option("--out <dir>", "folder of the features (default: features/ and the recording's name)")
    .option("--json", "print what was found as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad features fit culture.h5 --features 24 --out features/culture\n\nThe folder opens in SAELens. No feature left is an answer. Ctrl-C saves and exits; the same command continues.",
    )
    .action(fit);
}

async function fit(given: string, flags: FitFlags): Promise<void> {
  const whole = (text: string, flag: string, min: number, max: number) =>
    numberOf(text, flag, { min, max, whole: true });
  const options = {
    method: nameOf(flags.method, "--method", METHODS),
    features: whole(flags.features, "--features", 1, 4096),
    windowSeconds: numberOf(flags.windowMs, "--window-ms", { min: 1, max: 60_000 }) / 1000,
    restarts: whole(flags.restarts, "--restarts", 1, 50),
    surrogates: whole(flags.surrogates, "--surrogates", 0, 50),
    seed: whole(flags.seed, "--seed", 0, 2 ** 32 - 1),
    ...(flags.steps === undefined ? {} : { steps: whole(flags.steps, "--steps", 1, 1e6) }),
  };
  const run = join(given, "recording.nwb");
  const path = existsSync(given) && statSync(given).isDirectory() && existsSync(run) ? run : given;
  const name = basename(given).replace(/(\.[a-z0-9]+)+$/i, "");
  const folder = flags.out ?? join("features", name);
  writableFolder(folder, "--out");
  const read = readOptionsOf(flags);
  const [{ openRecordingFile }, { cultureNamed }, { fitToRecording }] = await Promise.all([
    import("../../recording/open.ts"),
    import("../../recording/cultures/cultures.ts"),
    import("../../features/fit-recording.ts"),
  ]);
  const file = await openRecordingFile(path, read);
  const progress = createProgress(process.stderr);
  try {
    tellDoubts(path, file.doubts, progress.say);
    const recording = cultureNamed(file, read.culture);
    const found = await interruptible(
      (signal) =>
        fitToRecording(recording, path, folder, {
          ...options,
          signal,
          onProgress: (done, total, message) => progress.update({ done, total, unit: "%", message }),
        }),
      progress.say,
    );
    progress.end();
    if (flags.json) return printJson({ folder, ...found });
    const share = (value: number | null) => (value === null ? "-" : `${Math.round(100 * value)} %`);
    print(
      [
        `${folder}: ${found.kept} of ${found.features.length} features kept (in ${found.least} of ${found.restarts} restarts, in none of ${found.surrogates} surrogates)`,
        `${found.windows} windows of ${found.channels.length} channels; matched between restarts ${share(found.betweenRestarts)}, between surrogates ${share(found.betweenSurrogates)}, across ${share(found.withSurrogates)}`,
      ].join("\n"),
    );
  } finally {
    progress.end();
    file.close();
  }
}
