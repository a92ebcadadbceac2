/** `wetgrad emulator sample`: activity dreamed on from the end of a recording, as a spike list. */
import { dirname } from "node:path";
import { Command } from "commander";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson } from "../manners/output.ts";
import { numberOf } from "../options/numbers.ts";
import { openCounts, readModel } from "./recording.ts";

interface SampleOptions {
  readonly model: string;
  readonly seconds: string;
  readonly seed: string;
  readonly out: string;
  readonly json?: boolean;
}

export function sampleCommand(): Command {
  return new Command("sample")
    .description(
      "go on from a recording's end with the emulator's own spikes, and write them as a spike list",
    )
    .argument("<recording>", "a recording with the emulator's channels")
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
  const saved = await readModel(options.model);
  const { counts, channelNames } = await openCounts(path, saved.binSeconds, saved.channelNames);
  const { openForecastEmulator } = await import("../../forecast/emulator/emulator.ts");
  const { generate } = await import("../../forecast/recorded/generate.ts");
  const { writeWhole } = await import("../../files/whole.ts");
  const { Random } = await import("../../math/random.ts");
  const emulator = openForecastEmulator(saved.parameters, saved.shape, {
    samples: 16,
    blend: saved.blend,
    spikeHistory: true,
  });
  const bins = Math.max(1, Math.round(seconds / saved.binSeconds));
  const drawn = await generate(emulator, counts, bins, seed);
  await emulator.dispose();
  // Where in its bin a spike lies the emulator does not say: anywhere.
  const random = Random.of(seed, "within bins");
  const spikes: [number, string][] = [];
  drawn.forEach((count, i) => {
    const bin = Math.floor(i / counts.channels);
    for (let k = 0; k < count; k++)
      spikes.push([(bin + random.uniform()) * saved.binSeconds, channelNames[i % counts.channels]]);
  });
  spikes.sort(([a], [b]) => a - b);
  const text = spikes.map(([time, name]) => `${time.toFixed(6)},${name}`).join("\n");
  writeWhole(options.out, new TextEncoder().encode(`time,channel\n${text}\n`));
  const result = { out: options.out, seconds: bins * saved.binSeconds, spikes: spikes.length };
  if (options.json) printJson(result);
  else print(`${options.out}: ${result.spikes} spikes in ${result.seconds.toFixed(1)} s`);
}
