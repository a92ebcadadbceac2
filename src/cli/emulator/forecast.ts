/** `wetgrad emulator forecast`: what follows a moment of a recording. */
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "commander";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson } from "../manners/output.ts";
import { numberOf } from "../options/numbers.ts";
import { type RecordingTexts, readOptionsOf, withRecordingOptions } from "../options/recording.ts";
import { openWithModel } from "./recording.ts";

interface ForecastOptions extends RecordingTexts {
  readonly model: string;
  readonly at?: string;
  readonly seed: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function forecastCommand(): Command {
  return withRecordingOptions(
    new Command("forecast")
      .description("forecast the half second after a moment of a recording")
      .argument("<recording>", "a recording with the emulator's channels"),
  )
    .requiredOption("--model <dir>", "folder of the emulator")
    .option("--at <seconds>", "the moment, in observed time from the recording's start (default: its end)")
    .option("--seed <n>", "seed of the samples", "1")
    .option("--out <file.csv>", "also write the expected count of every channel and bin")
    .option("--json", "print the forecast as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad emulator forecast culture.h5 --model emulators/culture --at 300\n",
    )
    .action(forecast);
}

async function forecast(path: string, options: ForecastOptions): Promise<void> {
  if (options.out) writableFolder(dirname(options.out), "--out");
  const seed = numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
  const at =
    options.at === undefined ? {} : { atSeconds: numberOf(options.at, "--at", { min: 0, max: 1e9 }) };
  const { emulator, recording } = await openWithModel(path, options.model, readOptionsOf(options));
  const { forecastAt } = await import("../../forecast/recorded/forecast-at.ts");
  const { atSeconds, binSeconds, patches, expected } = await forecastAt(emulator, recording.counts, {
    ...at,
    seed,
  });
  const { channelNames } = recording;
  if (options.out) {
    const origin = Math.round(atSeconds / binSeconds);
    const rows = expected.map(
      (counts, f) =>
        `${((origin + f) * binSeconds).toFixed(4)},${counts.map((value) => value.toPrecision(4)).join(",")}`,
    );
    const head = `seconds,${channelNames.map((name) => JSON.stringify(name)).join(",")}`;
    writeFileSync(options.out, `${[head, ...rows].join("\n")}\n`);
  }
  if (options.json) printJson({ at: atSeconds, binSeconds, channelNames, patches, expected });
  else
    print(
      `${path} after ${atSeconds.toFixed(2)} s: spikes on ${channelNames.length} channels\n${patches
        .map(
          ({ fromSeconds, expectedSpikes, interval50, interval90 }) =>
            `${fromSeconds.toFixed(2)} s  ${expectedSpikes.toFixed(1).padStart(7)}  50 % in [${interval50.join(", ")}]  90 % in [${interval90.join(", ")}]`,
        )
        .join("\n")}${options.out ? `\nby channel and bin: ${options.out}` : ""}`,
    );
}
