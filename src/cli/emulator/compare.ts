/** `wetgrad emulator score` and `compare`: an emulator and its baselines on the last 20 % of a recording. */
import { basename, join } from "node:path";
import { Command } from "commander";
import type { CompareOptions } from "../../forecast/recorded/compare.ts";
import type { ForecastScores } from "../../forecast/scores/types.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { numberOf } from "../options/numbers.ts";
import { type RecordingTexts, readOptionsOf, withRecordingOptions } from "../options/recording.ts";
import { defaultEmulatorFolder, type FitOptions, fitRecording, fitSettings, withFitOptions } from "./fit.ts";
import { computeDeviceOf, openWithModel } from "./recording.ts";
import { renderColumns } from "./table.ts";

export function scoreCommand(): Command {
  return withRecordingOptions(
    new Command("score")
      .description(
        "score a fitted emulator and the baselines mean, flat and moving average on the last 20 % of a recording",
      )
      .argument("<recording>", "the recording that it was fitted on, or another of the same channels"),
  )
    .requiredOption("--model <dir>", "folder of the emulator")
    .option("--out <dir>", "folder of the report (default: the emulator's)")
    .option("--seed <n>", "seed of the samples", "1")
    .option("--compute <name>", "what computes: cpu, webgpu, cuda, jaxjs", "cpu")
    .option("--json", "print the scores as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad emulator score culture.h5 --model emulators/culture\n")
    .action(
      async (
        path: string,
        options: RecordingTexts & {
          model: string;
          out?: string;
          seed: string;
          compute: string;
          json?: boolean;
        },
      ) => {
        const device = await computeDeviceOf(options.compute);
        const { emulator, recording } = await openWithModel(path, options.model, readOptionsOf(options));
        const seed = numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
        const result = await report({ recording, emulator }, options.out ?? options.model, {
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
      const settings = await fitSettings(options);
      const { seed, device } = settings;
      const results = [];
      for (const path of paths) {
        const name = basename(defaultEmulatorFolder(path, options));
        const folder = join(options.out ?? "emulators", name);
        const fitted = await fitRecording(path, folder, settings);
        results.push(await report(fitted, folder, { seed, device, trainedBaselines: true }));
      }
      show(results, options.json);
    });
}

async function report(
  { recording, emulator }: Awaited<ReturnType<typeof fitRecording>>,
  folder: string,
  options: Pick<CompareOptions, "seed" | "device" | "trainedBaselines">,
) {
  writableFolder(folder, "--out");
  const { compareFitted } = await import("../../forecast/recorded/compare-fitted.ts");
  const { writeForecastReport } = await import("../../report/forecast/files.ts");
  const { name, cleaning } = recording;
  const progress = createProgress(process.stderr);
  try {
    const found = await interruptible(
      (signal) =>
        compareFitted(recording, emulator, {
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
      ...found,
    });
    return { name, folder, paths, cleaning, scores: found.scores };
  } finally {
    progress.end();
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
