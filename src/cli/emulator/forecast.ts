/** `wetgrad emulator forecast`: what comes next after a moment of a recording. */
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "commander";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson } from "../manners/output.ts";
import { numberOf } from "../options/numbers.ts";
import { openCounts, readModel } from "./recording.ts";

interface ForecastOptions {
  readonly model: string;
  readonly at?: string;
  readonly seed: string;
  readonly out?: string;
  readonly json?: boolean;
}

const SAMPLES = 200;

export function forecastCommand(): Command {
  return new Command("forecast")
    .description("forecast the half second after a moment of a recording")
    .argument("<recording>", "a recording with the emulator's channels")
    .requiredOption("--model <dir>", "folder of the emulator")
    .option("--at <seconds>", "the moment (default: the recording's end)")
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
  const saved = await readModel(options.model);
  const { counts, channelNames } = await openCounts(path, saved.binSeconds, saved.channelNames);
  const { openForecastEmulator } = await import("../../forecast/emulator/emulator.ts");
  const { cutWindows } = await import("../../forecast/emulator/windows.ts");
  const { Noise } = await import("../../compute/index.ts");
  const emulator = openForecastEmulator(saved.parameters, saved.shape, {
    samples: SAMPLES,
    blend: saved.blend,
    spikeHistory: true,
  });
  const { historyBins: H, futureBins: F, channels: C } = emulator.window;
  const { binSeconds } = counts;
  const total = counts.sequences[0].length / C;
  const [earliest, latest] = [H * binSeconds, total * binSeconds];
  const at = options.at === undefined ? latest : numberOf(options.at, "--at", { min: 0, max: 1e9 });
  const origin = Math.floor(at / binSeconds + 1e-9);
  if (origin < H || origin > total)
    throw new UsageError(
      `--at ${at}: expected a moment from ${earliest.toFixed(2)} to ${latest.toFixed(2)} s (the emulator looks ${earliest.toFixed(2)} s back)`,
    );
  // The future may lie beyond the recording: windows are cut from counts with room for it.
  const padded = new Uint8Array((total + F) * C);
  padded.set(counts.sequences[0]);
  const batch = cutWindows({ ...counts, sequences: [padded] }, [[0, origin]], emulator.window);
  const { rates, counts: drawn } = await emulator.forecast(batch, Noise.of(seed, "forecast"));
  await emulator.dispose();

  const expected = new Float64Array(F * C);
  rates.forEach((rate, i) => {
    expected[i % (F * C)] += rate / SAMPLES;
  });
  const B = saved.shape.patchBins;
  const patches = Array.from({ length: F / B }, (_, p) => {
    const population = Array.from({ length: SAMPLES }, (_, s) =>
      drawn!.subarray((s * F + p * B) * C, (s * F + (p + 1) * B) * C).reduce((a, b) => a + b, 0),
    ).sort((a, b) => a - b);
    const quantile = (q: number) => population[Math.min(SAMPLES - 1, Math.floor(q * SAMPLES))];
    return {
      fromSeconds: (origin + p * B) * binSeconds,
      expectedSpikes: expected.subarray(p * B * C, (p + 1) * B * C).reduce((a, b) => a + b, 0),
      interval50: [quantile(0.25), quantile(0.75)],
      interval90: [quantile(0.05), quantile(0.95)],
    };
  });
  if (options.out)
    writeFileSync(
      options.out,
      `seconds,${channelNames.map((name) => JSON.stringify(name)).join(",")}\n${Array.from(
        { length: F },
        (_, f) =>
          `${((origin + f) * binSeconds).toFixed(4)},${Array.from(expected.subarray(f * C, (f + 1) * C), (value) => value.toPrecision(4)).join(",")}\n`,
      ).join("")}`,
    );
  if (options.json)
    printJson({
      at: origin * binSeconds,
      binSeconds,
      channelNames,
      patches,
      expected: Array.from({ length: F }, (_, f) => [...expected.subarray(f * C, (f + 1) * C)]),
    });
  else
    print(
      `${path} after ${(origin * binSeconds).toFixed(2)} s: spikes on ${C} channels\n${patches
        .map(
          ({ fromSeconds, expectedSpikes, interval50, interval90 }) =>
            `${fromSeconds.toFixed(2)} s  ${expectedSpikes.toFixed(1).padStart(7)}  50 % in [${interval50.join(", ")}]  90 % in [${interval90.join(", ")}]`,
        )
        .join("\n")}${options.out ? `\nby channel and bin: ${options.out}` : ""}`,
    );
}
