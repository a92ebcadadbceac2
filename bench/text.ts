/**
 * The text AdaVAE: ten minutes of training from nothing on the 1,000-word corpus (WETGRAD_BENCH_MINUTES for another time; the folder
 * WETGRAD_BENCH_TEXT, or one below the temporary folder, is gone on with), and the weights that are shipped. All free running from the
 * mean of z on held-out sentences; the baselines are the shipped model's.
 */
import { statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { textAsset } from "../src/text/corpus/corpus.ts";
import { evaluateText } from "../src/text/metrics/evaluate.ts";
import { ownConfig } from "../src/text/model/config.ts";
import { openCodec, savedText } from "../src/text/shipped.ts";
import { heldOutOf } from "../src/text/training/held-out.ts";
import type { SavedText } from "../src/text/training/saved.ts";
import { TEXT_DEFAULTS } from "../src/text/training/settings.ts";
import { SHIPPED_CORPUS, trainInFolder } from "../src/text/training/train-in-folder.ts";

const MINUTES = Number(process.env["WETGRAD_BENCH_MINUTES"] ?? 10);
const FOLDER = process.env["WETGRAD_BENCH_TEXT"] ?? join(tmpdir(), `wetgrad-bench-text-${MINUTES}`);

export async function run(): Promise<object> {
  const trained = await trainInFolder(
    FOLDER,
    {
      settings: { ...TEXT_DEFAULTS, seed: 1, config: ownConfig({ vocabulary: 1536 }) },
      corpus: { name: SHIPPED_CORPUS, vocabulary: 1000, longest: 8, heldOut: 1000 },
    },
    {
      budget: { seconds: 60 * MINUTES },
      threads: Math.min(2, availableParallelism()),
      onProgress: ({ stage, share, figures }) => {
        if (figures["steps"] % 200 === 0) console.error(`${stage} ${(100 * share).toFixed(0)} %`, figures);
      },
    },
  );
  const { baselines, ...shipped } = await figuresOf(savedText());
  const { baselines: trainedBaselines, ...figures } = await figuresOf(trained!);
  return {
    trained: { minutes: MINUTES, ...figures, baselines: trainedBaselines },
    shipped: { ...shipped, bytes: statSync(textAsset("model/model.safetensors")).size },
    baselines,
  };
}

async function figuresOf(saved: SavedText) {
  const codec = openCodec(saved);
  const { heldOut, apart } = heldOutOf(saved);
  const fits = [...heldOut.keys()].filter((n) => saved.tokenizer.encode(heldOut[n]).length <= codec.longest);
  const { examples: _, ...figures } = await evaluateText(
    codec,
    { sentences: fits.map((n) => heldOut[n]), apart: fits.map((n) => apart[n]) },
    saved.settings.seed,
  );
  await codec.dispose();
  return { ...figures, leftOut: heldOut.length - fits.length };
}
