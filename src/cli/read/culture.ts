/** `wetgrad read culture`: a culture reads sentences, and which it read is decoded from its spikes, beside all controls. */
import { join } from "node:path";
import { Command } from "commander";
import { DEFAULT_SCAFFOLD, SCAFFOLDS, type ScaffoldName } from "../../device/simulated/scaffolds.ts";
import { makeFolder } from "../../files/folder.ts";
import { openInBrowser } from "../manners/browser.ts";
import { UsageError, wrongOption } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { numberOf } from "../options/numbers.ts";
import { openModel, withModelOption } from "../text/model.ts";

interface CultureOptions {
  readonly model?: string;
  readonly seed: string;
  readonly scaffold: string;
  readonly sentences: string;
  readonly test: string;
  readonly msPerWord?: string;
  readonly out?: string;
  readonly open?: boolean;
  readonly json?: boolean;
}

export function cultureCommand(): Command {
  return withModelOption(
    new Command("culture").description(
      "grow a culture, let it read in the eyes' own time, and say which sentence it read from its spikes",
    ),
  )
    .option("--seed <n>", "of the culture", "1")
    .option("--scaffold <name>", `the array that it grows around: ${SCAFFOLDS.join(", ")}`, DEFAULT_SCAFFOLD)
    .option("--sentences <n>", "sentences to fit the decoder on", "2000")
    .option("--test <n>", "held-out sentences to test it on", "240")
    .option("--ms-per-word <ms>", "the same time for every word in place of the eyes' own")
    .option(
      "--out <dir>",
      "write report.json, report.html and recording.nwb there, a run that `wetgrad serve` shows",
    )
    .option("--open", "show the report in the browser at the end; goes with --out")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad read culture --seed 3 --json > culture-3.json")
    .action(culture);
}

async function culture(options: CultureOptions): Promise<void> {
  const whole = { min: 1, max: 1e6, whole: true };
  const seed = numberOf(options.seed, "--seed", { ...whole, min: 0 });
  const fit = numberOf(options.sentences, "--sentences", { ...whole, min: 50 });
  const test = numberOf(options.test, "--test", { ...whole, min: 10 });
  const msPerWord = options.msPerWord
    ? numberOf(options.msPerWord, "--ms-per-word", { min: 50, max: 10_000 })
    : undefined;
  const scaffold = SCAFFOLDS.find((name) => name === options.scaffold);
  if (!scaffold) throw wrongOption("--scaffold", `one of ${SCAFFOLDS.join(", ")}`, options.scaffold);
  if (options.open && options.out === undefined)
    throw new UsageError("--open: expected --out beside it, got none");
  if (options.out !== undefined) writableFolder(options.out, "--out");
  const { saved, codec } = await openModel(options.model);
  const { readingReport } = await import("../../reading/report/report.ts");
  const { writeReading } = await import("../../reading/report/files.ts");
  const { corpusOf } = await import("../../text/training/train-in-folder.ts");
  const { MATERIAL_SIZES, prepareMaterial } = await import("../../reading/brain/material.ts");
  const { readMaterial } = await import("../../reading/brain/culture-reading.ts");
  const { retrievalOfCulture } = await import("../../reading/brain/retrieve.ts");
  const { training, heldOut } = corpusOf(saved.corpus, saved.settings.seed);
  const material = await prepareMaterial(
    codec,
    { sentences: training, heldOut, seed: 1 },
    { ...MATERIAL_SIZES, fit, test },
  );
  const progress = createProgress(process.stderr);
  const recorder = options.out === undefined ? undefined : await recorderIn(options.out, { seed, scaffold });
  let isWhole = false;
  try {
    const reading = await interruptible(
      (signal) =>
        readMaterial(material, {
          ...(recorder && { onRead: (stretch) => recorder.add(stretch) }),
          seed,
          scaffold,
          signal,
          ...(msPerWord === undefined ? {} : { msPerWord }),
          onProgress: (done, total) =>
            progress.update({ done, total, unit: "sentences", message: `culture ${seed} reads` }),
        }),
      progress.say,
    );
    recorder?.close();
    isWhole = true;
    const figures = await retrievalOfCulture(codec, material, reading, seed);
    const report = readingReport(figures, reading, { seed, wetgradVersion: packageVersion() });
    const config = {
      ...{ seed, scaffold, sentences: fit, test },
      ...(msPerWord === undefined ? {} : { msPerWord }),
    };
    const paths = options.out === undefined ? undefined : writeReading(options.out, report, config);
    if (paths && options.open) await openInBrowser(paths.html, progress.say);
    if (options.json) return printJson({ seed, ...figures, ...(paths && { paths }) });
    print("among sentences of the same length       50-way  200-way   cosine");
    for (const [name, { ways50, ways200, cosine }] of [
      ...Object.entries(figures.inputs),
      ...Object.entries(figures.controls),
    ])
      print(`${name.padEnd(38)} ${[ways50, ways200, cosine].map((v) => v.toFixed(3).padStart(8)).join(" ")}`);
    for (const [name, { bleu1, bleu4, wordRecall }] of Object.entries(figures.spoken))
      print(
        `said from ${name}: BLEU-1 ${bleu1.toFixed(3)}, BLEU-4 ${bleu4.toFixed(3)}, words ${wordRecall.toFixed(3)}`,
      );
    for (const { sentence, said } of figures.examples) print(`  ${sentence}\n    ${said}`);
    if (paths) print(`report: ${paths.html}`);
  } finally {
    if (!isWhole) recorder?.abandon();
    progress.end();
  }
}

async function recorderIn(folder: string, culture: { seed: number; scaffold: ScaffoldName }) {
  const { recordReading } = await import("../../reading/report/recording.ts");
  makeFolder(folder);
  return recordReading(join(folder, "recording.nwb"), culture);
}
