/** A trainer of layers from its first step to its score on what was held out. */

import { Random } from "../../src/math/random.ts";
import type { LayeredShape, LayeredTrainer, Rows } from "../../src/networks/forward-forward/trainer.ts";
import { accuracy } from "../../src/tasks/measures/score.ts";

export interface Split {
  readonly training: Rows;
  readonly test: Rows;
}

export interface Figures {
  readonly accuracy: number;
  readonly steps: number;
  readonly wallSeconds: number;
  readonly keptActivations: number;
}

export interface Schedule {
  readonly until: { readonly steps: number } | { readonly wallSeconds: number };
  readonly learningRate: number;
  /** Share of the training after which the rate begins to fall to none (at once if not given). */
  readonly fallsFrom?: number;
  /** Of the batches. */
  readonly seed?: number;
}

const REMARK_SECONDS = 30;

/** Trains, tells its held-out score, and lets the trainer go. */
export async function timed(
  trainer: LayeredTrainer,
  { classes }: LayeredShape,
  { training, test }: Split,
  { until, learningRate, fallsFrom = 0, seed = 1 }: Schedule,
): Promise<Figures> {
  const random = Random.of(seed, "batches");
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const progress = (steps: number) =>
    "steps" in until ? steps / until.steps : seconds() / until.wallSeconds;
  let steps = 0;
  let remarkAt = REMARK_SECONDS;
  for (; progress(steps) < 1; steps++) {
    const done = progress(steps);
    await trainer.step(training, random, learningRate * Math.min(1, (1 - done) / (1 - fallsFrom)));
    if (seconds() < remarkAt) continue;
    remarkAt += REMARK_SECONDS;
    console.error(`bench: ${Math.round(100 * done)} %, ${Math.round(seconds())} s`);
  }
  const wallSeconds = seconds();
  const scores = await trainer.scores(test.inputs);
  const { keptActivations } = trainer;
  await trainer.dispose();
  const figures = { accuracy: accuracy(scores, test.labels, classes), steps, wallSeconds, keptActivations };
  console.error(`bench: ${JSON.stringify(figures)}`);
  return figures;
}
