/** `wetgrad emulator score` and `compare`: an emulator beside its baselines on the last 20 % of a recording. */
import { basename, join } from "node:path";
import { Command } from "commander";
import type { ForecastScores } from "../../forecast/scores/types.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { numberOf } from "../options/numbers.ts";
import { defaultEmulatorFolder, type FitOptions, fitInFolder, withFitOptions } from "./fit.ts";
import { computeDeviceOf, openCounts, readModel } from "./recording.ts";
import { renderColumns } from "./table.ts";

export function scoreCommand(): Command {
  return new Command("score")
    .description(
      "score a fitted emulator on the last 20 % of a recording, beside mean, flat and moving average",
    )
    .argument("<recording>", "the recording that it was fitted on, or another of the same channels")
    .requiredOption("--model <dir>", "folder of the emulator")
    .option("--out <dir>", "folder of the report (default: the emulator's)")
    .option("--seed <n>", "seed of the samples", "1")
    .option("--device <name>", "what computes: cpu, webgpu, cuda, jaxjs", "cpu")
    .option("--json", "print the scores as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad emulator score culture.h5 --model emulators/culture\n")
    .action(
      async (
        path: string,
        options: { model: string; out?: string; seed: string; device: string; json?: boolean },
      ) => {
        const device = await computeDeviceOf(options.device);
        const saved = await readModel(options.model);
        const opened = await openCounts(path, saved.binSeconds, saved.channelNames);
        const seed = numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
        const result = await report({ ...opened, ...saved }, options.out ?? options.model, {
          seed,
          device,
          trainedBaselines: false,
        });
        show([result], options.json);
      },
    );
}

export function compareEmulatorCommand(): Command {
  return withFitOptions(
    new Command("compare")
      .description("fit the emulator and every baseline on each recording, and score them on its last 20 %")
      .argument("<recording...>", "NWB, MEA HDF5, CL1, Axion or spike lists"),
  )
    .option("--out <dir>", "folder of the emulators and reports (default: emulators)")
    .option("--json", "print the scores as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad emulator compare recordings/*.h5 --seconds 120\n")
    .action(async (paths: string[], options: FitOptions) => {
      const seed = numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
      const device = await computeDeviceOf(options.device);
      const results = [];
      for (const path of paths) {
        const name = basename(defaultEmulatorFolder(path));
        const folder = join(options.out ?? "emulators", name);
        const fitted = await fitInFolder(path, folder, options);
        results.push(await report(fitted, folder, { seed, device, trainedBaselines: true }));
      }
      show(results, options.json);
    });
}

type Fitted = Awaited<ReturnType<typeof fitInFolder>>;

async function report(
  fitted: Fitted,
  folder: string,
  options: Pick<
    Parameters<typeof import("../../forecast/recorded/compare.ts").compareOnRecording>[2],
    "seed" | "device" | "trainedBaselines"
  >,
) {
  writableFolder(folder, "--out");
  const { openForecastEmulator } = await import("../../forecast/emulator/emulator.ts");
  const { compareOnRecording } = await import("../../forecast/recorded/compare.ts");
  const { writeForecastReport } = await import("../../report/forecast/files.ts");
  const { name, counts, cleaning, parameters, shape, steps, blend } = fitted;
  const emulator = openForecastEmulator(parameters, shape, {
    samples: 64,
    blend,
    spikeHistory: true,
    threads: 2,
  });
  const progress = createProgress(process.stderr);
  const start = performance.now();
  try {
    const { scores, figures, test, window } = await interruptible(
      (signal) =>
        compareOnRecording(counts, emulator, {
          ...options,
          signal,
          onProgress: (message) => progress.say(`${name}: ${message}`),
        }),
      progress.say,
    );
    const paths = writeForecastReport(folder, {
      formatVersion: 1,
      kind: "forecast",
      wetgradVersion: packageVersion(),
      data: {
        name,
        channels: counts.channels,
        binSeconds: counts.binSeconds,
        sequences: 1,
        spikes: test.sequences[0].reduce((sum, count) => sum + count, 0),
        synthetic: false,
      },
      window,
      scores,
      figures,
      config: {
        seed: options.seed,
        steps,
        blend: blend.map((patch) => ({ ...patch })),
        filter: cleaning.filter,
      },
      notes: [
        `Fitted on the first 70 % of the recording, scored on the last 20 %. ${cleaning.filter}.`,
        `${cleaning.deadChannels.length} dead channels; ${(100 * cleaning.doubleDetectionShare).toFixed(2)} % of intervals under 1 ms before filtering.`,
      ],
      wallSeconds: (performance.now() - start) / 1000,
    });
    return { name, folder, paths, cleaning, scores };
  } finally {
    progress.end();
    await emulator.dispose();
  }
}

function show(
  results: readonly { name: string; paths: { html: string }; scores: readonly ForecastScores[] }[],
  json = false,
) {
  if (json) return printJson(results.length === 1 ? results[0] : results);
  print(
    results
      .map((result) => `${renderColumns(result.name, result.scores)}\nreport: ${result.paths.html}`)
      .join("\n\n"),
  );
}
