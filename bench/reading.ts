/**
 * A brain that reads. `eyes`: E-Z Reader on 600 sentences of the shipped corpus against the published means of five frequency classes,
 * gaze mapped to words under a tracker's errors, and, where the ZuCo files are (../shared/recordings/zuco-gaze, or
 * WETGRAD_BENCH_ZUCO), the correlation with people's reading times beside that of word length alone. `retrieval`: which sentence a
 * culture read, from its spikes, over cultures (WETGRAD_BENCH_SEEDS, 2-9; seed 1 chose the settings), with all controls. Rows are
 * kept, so that a run that was stopped goes on. `writing`: bench/reading/writing.ts. WETGRAD_BENCH_READING names the parts to run
 * (eyes,retrieval,writing; default all).
 */
import { bootstrapInterval } from "../src/math/interval.ts";
import { readMaterial } from "../src/reading/brain/culture-reading.ts";
import { prepareMaterial } from "../src/reading/brain/material.ts";
import { type CultureFigures, retrievalOfCulture } from "../src/reading/brain/retrieve.ts";
import type { TextCodec } from "../src/text/adavae/codec.ts";
import { openCodec, savedText } from "../src/text/shipped.ts";
import type { SavedText } from "../src/text/training/saved.ts";
import { corpusOf } from "../src/text/training/train-in-folder.ts";
import { keptUnder } from "./kept.ts";
import { eyeFigures } from "./reading/eyes.ts";
import { writingFigures } from "./reading/writing.ts";

const SEEDS = (process.env["WETGRAD_BENCH_SEEDS"] ?? "2,3,4,5,6,7,8,9").split(",").map(Number);

const PARTS = (process.env["WETGRAD_BENCH_READING"] ?? "eyes,retrieval,writing").split(",");

export async function run(): Promise<object> {
  const saved = savedText();
  const codec = openCodec(saved);
  const { training, heldOut } = corpusOf(saved.corpus, saved.settings.seed);
  const asked = async (part: string, make: () => Promise<unknown>) =>
    PARTS.includes(part) ? { [part]: await make() } : {};
  return {
    ...(await asked("eyes", () =>
      keptUnder("reading-eyes", { version: 1, settings: saved.settings }, () => eyeFigures(codec)),
    )),
    ...(await asked("retrieval", () => retrievalFigures(saved, codec, { training, heldOut }))),
    ...(await asked("writing", () => writingFigures(codec, { training, heldOut }))),
  };
}

async function retrievalFigures(
  saved: SavedText,
  codec: TextCodec,
  { training, heldOut }: { training: readonly string[]; heldOut: readonly string[] },
): Promise<object> {
  const material = await prepareMaterial(codec, { sentences: training, heldOut, seed: 1 });
  const rows: CultureFigures[] = [];
  for (const seed of SEEDS)
    rows.push(
      await keptUnder("reading", { version: 1, seed, settings: saved.settings }, async () => {
        console.error(
          `culture ${seed}: reads ${material.fit.sentences.length + material.test.sentences.length} sentences`,
        );
        const reading = await readMaterial(material, { seed });
        return retrievalOfCulture(codec, material, reading, seed);
      }),
    );
  const over = (figure: (row: CultureFigures) => number) => {
    const { mean, ci95 } = bootstrapInterval(rows.map(figure));
    return { mean, ci95 };
  };
  const table = <Name extends string>(
    names: readonly Name[],
    of: (row: CultureFigures, name: Name) => { ways50: number; ways200: number; cosine: number },
  ) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        {
          ways50: over((row) => of(row, name).ways50),
          ways200: over((row) => of(row, name).ways200),
          cosine: over((row) => of(row, name).cosine),
        },
      ]),
    );
  const inputs = table(
    Object.keys(rows[0].inputs) as (keyof CultureFigures["inputs"])[],
    (row, name) => row.inputs[name],
  );
  const spoken = Object.fromEntries(
    (Object.keys(rows[0].spoken) as (keyof CultureFigures["spoken"])[]).map((name) => [
      name,
      {
        bleu1: over((row) => row.spoken[name].bleu1),
        bleu4: over((row) => row.spoken[name].bleu4),
        wordRecall: over((row) => row.spoken[name].wordRecall),
      },
    ]),
  );
  return {
    cultures: rows.length,
    ways50: inputs["neverStimulated"]["ways50"],
    ways200: inputs["neverStimulated"]["ways200"],
    blanked50: inputs["blanked"]["ways50"],
    inputs,
    controls: table(
      Object.keys(rows[0].controls) as (keyof CultureFigures["controls"])[],
      (row, name) => row.controls[name],
    ),
    spoken,
    nearDuplicatesDropped: rows[0].nearDuplicatesDropped,
    refusedPulses: rows.map(({ refusedPulses }) => refusedPulses),
  };
}
