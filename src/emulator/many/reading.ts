/**
 * The vat's bridge: what class the state of each brain stands for. Fitted on babbling, where data and patterns come in random
 * order and independent of each other; then fixed. Legend in shape.ts.
 */

import { silu } from "../../compute/functions.ts";
import type { Tensor } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { initLinear, type Linear, linear } from "../../networks/layers.ts";
import { crossEntropy } from "../one/bridge-model.ts";
import { type Experts, expert, initExperts } from "./experts.ts";
import type { JointShape } from "./shape.ts";

/**
 * Deviation of the noise on the patches that are read, in fits and in the descent, in units of the patches' own. With 1,
 * as in the bridge of one culture, the small answers of a brain that is not written to are read as nothing.
 */
export const PATCH_BLUR = 0.5;

export type JointReading<Leaf> = { hidden: Linear<Leaf>; output: Linear<Leaf>; own: Experts<Leaf> };

export function initReading(random: Random, shape: JointShape): JointReading<Tensor> {
  const { brains, latents, classes, width, rank } = shape;
  return {
    hidden: initLinear(random, latents, width),
    output: initLinear(random, width, classes, 0.3),
    own: initExperts(random, { brains, rank }, latents, classes),
  };
}

/** Patches `[R, N, Z]` -> logits `[R, N, K]`. */
export function readPatches(p: JointReading<JaxArray>, patches: JaxArray): JaxArray {
  return linear(p.output, silu(linear(p.hidden, patches))).add(expert(p.own, patches));
}

/** `noise` blurs the patches; `target [R, N, K]` is one-hot, or uniform where nothing was written. */
export type ReadingBatch<Leaf> = { patch: Leaf; noise: Leaf; target: Leaf };

export function readingLoss(p: JointReading<JaxArray>, batch: ReadingBatch<JaxArray>): JaxArray {
  return crossEntropy(readPatches(p, batch.patch.add(batch.noise)), batch.target).mean();
}
