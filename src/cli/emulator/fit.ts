/** `wetgrad emulator fit`: trains an emulator on the first 70 % of a recording. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { Command } from "commander";
import type { ComputeDevice } from "../../compute/index.ts";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { numberOf } from "../options/numbers.ts";
import { computeDeviceOf, FIT_FILE, MODEL_FILE, openCounts } from "./recording.ts";

/** The recurrent head's, at most: it stops where held-out data say so. */
const RECURRENT_STEPS = 800;

export interface FitOptions {
  readonly out?: string;
  readonly seconds: string;
  readonly steps?: string;
  readonly binMs: string;
  readonly seed: string;
  readonly threads: string;
  readonly device: string;
  readonly json?: boolean;
}

export function withFitOptions(command: Command): Command {
  return command
    .option("--seconds <n>", "seconds to train for", "120")
    .option("--steps <n>", "steps to train for instead: the same numbers every time")
    .option("--bin-ms <n>", "width of a bin; a patch is five bins, a forecast five patches", "20")
    .option("--seed <n>", "seed of the emulator", "1")
    .option("--threads <n>", "threads of the training program", "2")
    .option("--device <name>", "what computes: cpu, webgpu, cuda, jaxjs", "cpu");
}

export function fitCommand(): Command {
  return withFitOptions(
    new Command("fit")
      .description("train a forecasting emulator on the first 70 % of a recording")
      .argument("<recording>", "NWB, MEA HDF5, CL1, Axion or a spike list"),
  )
    .option("--out <dir>", "folder of the emulator (default: emulators/ and the recording's name)")
    .option("--json", "print what was fitted as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad emulator fit culture.h5 --seconds 300 --out emulators/culture\n\nCtrl-C saves and exits; the same command continues.",
    )
    .action(async (path: string, options: FitOptions) => {
      const folder = options.out ?? defaultEmulatorFolder(path);
      const { counts, channelNames, cleaning, steps } = await fitInFolder(path, folder, options);
      const bins = counts.sequences[0].length / counts.channels;
      const result = {
        folder,
        channels: counts.channels,
        bins,
        binSeconds: counts.binSeconds,
        steps,
        cleaning,
      };
      if (options.json) printJson({ ...result, channelNames });
      else
        print(
          `${folder}: ${counts.channels} channels, ${(bins * counts.binSeconds).toFixed(0)} s, ${steps} steps\n${cleaning.filter}; ${cleaning.deadChannels.length} dead channels; ${(100 * cleaning.doubleDetectionShare).toFixed(2)} % of intervals under 1 ms`,
        );
    });
}

export function defaultEmulatorFolder(path: string): string {
  return join("emulators", basename(path).replace(/(\.[a-z0-9]+)+$/i, ""));
}

/** Fits what is not fitted yet in `folder`, going on with an interrupted fit. */
export async function fitInFolder(path: string, folder: string, options: Omit<FitOptions, "out" | "json">) {
  const budget = options.steps
    ? { steps: numberOf(options.steps, "--steps", { min: 1, max: 1e7, whole: true }) }
    : { seconds: numberOf(options.seconds, "--seconds", { min: 1, max: 1e6 }) };
  const binSeconds = numberOf(options.binMs, "--bin-ms", { min: 0.1, max: 60_000 }) / 1000;
  const seed = numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
  const threads = numberOf(options.threads, "--threads", { min: 1, max: 64, whole: true });
  const device: ComputeDevice = await computeDeviceOf(options.device);
  writableFolder(folder, "--out");
  const opened = await openCounts(path, binSeconds);
  const { counts, channelNames } = opened;
  const modelPath = join(folder, MODEL_FILE);
  const fitPath = join(folder, FIT_FILE);
  const { decodeFitState, decodeForecastEmulator, encodeFitState, encodeForecastEmulator } = await import(
    "../../forecast/emulator/saved.ts"
  );
  if (existsSync(modelPath)) {
    const saved = decodeForecastEmulator(readFileSync(modelPath));
    if (saved.binSeconds !== counts.binSeconds || saved.channelNames.join() !== channelNames.join())
      throw new UsageError(`${folder}: holds an emulator of other channels or bins: choose another --out`);
    return { ...opened, ...saved };
  }
  const { fitForecast } = await import("../../forecast/emulator/fit.ts");
  const { defaultShape, forecastWindow } = await import("../../forecast/emulator/shape.ts");
  const { splitInTime } = await import("../../forecast/recorded/counts.ts");
  const { fitRecurrentHead } = await import("../../forecast/recorded/recurrent-head.ts");
  const { finishFit } = await import("../../forecast/recorded/finish.ts");
  const { writeWhole } = await import("../../files/whole.ts");
  const shape = defaultShape(counts.channels);
  const { train, validation } = splitInTime(counts);
  const write = (path: string, bytes: Uint8Array) => {
    mkdirSync(folder, { recursive: true });
    writeWhole(path, bytes);
  };
  const resume = existsSync(fitPath) ? decodeFitState(readFileSync(fitPath)) : undefined;
  const progress = createProgress(process.stderr);
  try {
    return await interruptible(async (signal) => {
      const fit = await fitForecast(train, {
        seed,
        shape,
        budget,
        device,
        threads,
        signal,
        ...(resume ? { resume } : {}),
        onProgress: ({ stage, share, loss }) =>
          progress.update({
            done: Math.round(100 * (stage === "dynamics" ? 0.7 + 0.3 * share : 0.7 * share)),
            total: 100,
            unit: "hundredths",
            message: `${stage}, loss ${loss.toFixed(4)}`,
          }),
      });
      if (!fit.finished) {
        write(fitPath, encodeFitState(fit.state));
        throw signal.reason;
      }
      const window = forecastWindow(shape);
      const recurrent = await fitRecurrentHead(train, validation, window, {
        seed,
        device,
        threads,
        patchBins: shape.patchBins,
        steps: Math.min(RECURRENT_STEPS, fit.steps),
      });
      const saved = {
        shape,
        binSeconds: counts.binSeconds,
        channelNames,
        steps: fit.steps,
        ...(await finishFit(fit.parameters, recurrent, shape, train, validation, device)),
      };
      write(modelPath, encodeForecastEmulator(saved));
      rmSync(fitPath, { force: true });
      return { ...opened, ...saved };
    }, progress.say);
  } finally {
    progress.end();
  }
}
