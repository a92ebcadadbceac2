/** `wetgrad emulator sample`: activity sampled from the end of a recording on, as a spike list. */
import { dirname } from "node:path";
import { Command } from "commander";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson } from "../manners/output.ts";
import { numberOf } from "../options/numbers.ts";
import { type RecordingTexts, readOptionsOf, withRecordingOptions } from "../options/recording.ts";
import { openWithModel } from "./recording.ts";

interface SampleOptions extends RecordingTexts {
  readonly model: string;
  readonly seconds: string;
  readonly seed: string;
  readonly out: string;
  readonly json?: boolean;
}

export function sampleCommand(): Command {
  return withRecordingOptions(
    new Command("sample")
      .description(
        "continue from a recording's end with spikes that the emulator samples, and write them as a spike list",
      )
      .argument("<recording>", "a recording with the emulator's channels"),
  )
    .requiredOption("--model <dir>", "folder of the emulator")
    .requiredOption("--out <file.csv>", "the spike list to write: time (s), channel")
    .option("--seconds <n>", "how long", "60")
    .option("--seed <n>", "seed of the samples", "1")
    .option("--json", "print what was written as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad emulator sample culture.h5 --model emulators/culture --out dream.csv\n",
    )
    .action(sample);
}

async function sample(path: string, options: SampleOptions): Promise<void> {
  writableFolder(dirname(options.out), "--out");
  const seconds = numberOf(options.seconds, "--seconds", { min: 0.001, max: 1e6 });
  const seed = numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
  const { emulator, recording } = await openWithModel(path, options.model, readOptionsOf(options));
  const { sampleSpikes } = await import("../../forecast/recorded/sample-spikes.ts");
  const { writeWhole } = await import("../../files/whole.ts");
  const sampled = await sampleSpikes(emulator, recording.counts, { seconds, seed });
  const lines = sampled.spikes.map(([time, c]) => `${time.toFixed(6)},${recording.channelNames[c]}`);
  writeWhole(options.out, `time,channel\n${lines.join("\n")}\n`);
  const result = { out: options.out, seconds: sampled.seconds, spikes: sampled.spikes.length };
  if (options.json) printJson(result);
  else print(`${options.out}: ${result.spikes} spikes in ${result.seconds.toFixed(1)} s`);
}
