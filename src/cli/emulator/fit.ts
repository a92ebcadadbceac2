/** `wetgrad emulator fit`: trains an emulator on the first 70 % of a recording. */
import { basename, join } from "node:path";
import { Command } from "commander";
import { binsOf } from "../../forecast/windows/forecaster.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { numberOf } from "../options/numbers.ts";
import { type RecordingTexts, readOptionsOf, withRecordingOptions } from "../options/recording.ts";
import { computeDeviceOf, countTold } from "./recording.ts";

export interface FitOptions extends RecordingTexts {
  readonly out?: string;
  readonly seconds: string;
  readonly steps?: string;
  readonly binMs: string;
  readonly seed: string;
  readonly threads: string;
  readonly compute: string;
  readonly json?: boolean;
}

export function withFitOptions(command: Command): Command {
  return withRecordingOptions(command)
    .option("--seconds <n>", "seconds to train for", "120")
    .option("--steps <n>", "steps to train for instead: the same numbers every time")
    .option("--bin-ms <n>", "width of a bin; a patch is five bins, a forecast five patches", "20")
    .option("--seed <n>", "seed of the emulator", "1")
    .option("--threads <n>", "threads of the training program", "2")
    .option("--compute <name>", "what computes: cpu, webgpu, cuda, jaxjs", "cpu");
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
      const folder = options.out ?? defaultEmulatorFolder(path, options);
      const { recording, emulator } = await fitRecording(path, folder, await fitSettings(options));
      const { counts, channelNames, cleaning } = recording;
      const bins = binsOf(counts);
      const result = {
        folder,
        channels: counts.channels,
        bins,
        binSeconds: counts.binSeconds,
        steps: emulator.steps,
        cleaning,
      };
      if (options.json) printJson({ ...result, channelNames });
      else
        print(
          `${folder}: ${counts.channels} channels, ${(bins * counts.binSeconds).toFixed(0)} s, ${emulator.steps} steps\n${cleaning.filter}; ${cleaning.deadChannels.length} dead channels; ${(100 * cleaning.doubleDetectionShare).toFixed(2)} % of intervals under 1 ms`,
        );
    });
}

/** Named after the recording, and the culture where one is chosen. */
export function defaultEmulatorFolder(path: string, { culture, well }: RecordingTexts): string {
  const chosen = culture ?? well;
  const name = basename(path).replace(/(\.[a-z0-9]+)+$/i, "");
  return join("emulators", chosen === undefined ? name : `${name}-${chosen.replace(/[^\w.-]+/g, "-")}`);
}

/** The options as numbers. Throws `UsageError`. */
export async function fitSettings(options: FitOptions) {
  return {
    budget: options.steps
      ? { steps: numberOf(options.steps, "--steps", { min: 1, max: 1e7, whole: true }) }
      : { seconds: numberOf(options.seconds, "--seconds", { min: 1, max: 1e6 }) },
    read: readOptionsOf(options),
    binSeconds: numberOf(options.binMs, "--bin-ms", { min: 0.1, max: 60_000 }) / 1000,
    seed: numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true }),
    threads: numberOf(options.threads, "--threads", { min: 1, max: 64, whole: true }),
    device: await computeDeviceOf(options.compute),
  };
}

/** The emulator of a recording, fitted in `folder` if it is not there yet, with its progress on stderr. */
export async function fitRecording(
  path: string,
  folder: string,
  { binSeconds, read, ...settings }: Awaited<ReturnType<typeof fitSettings>>,
) {
  writableFolder(folder, "--out");
  const { fitInFolder } = await import("../../forecast/recorded/fit-in-folder.ts");
  const recording = await countTold(path, { binSeconds, read });
  const progress = createProgress(process.stderr);
  try {
    const emulator = await interruptible(
      (signal) =>
        fitInFolder(folder, recording, {
          ...settings,
          signal,
          onProgress: ({ stage, share, loss }) =>
            progress.update({
              done: Math.min(99, Math.round(100 * share)),
              total: 100,
              unit: "%",
              message: `${stage}, loss ${loss.toFixed(4)}`,
            }),
        }),
      progress.say,
    );
    return { recording, emulator };
  } finally {
    progress.end();
  }
}
