/**
 * Latent dynamics: a diffusion transformer over patches. Within a patch it denoises (a rectified flow with
 * shortcut steps, so that one or two evaluations make a sample); over patches it is autoregressive.
 * Peebles & Xie 2022, https://arxiv.org/abs/2212.09748 (transformer denoiser);
 * Liu et al. 2022, https://arxiv.org/abs/2209.03003 (rectified flow);
 * Frans et al. 2024, https://arxiv.org/abs/2410.12557 (shortcut models, eq. 5).
 *
 * The next patch z is drawn given a context of K patches: past sensory patches and past states, and the sensory
 * patch of the present datum. `written` says whether a write follows the present datum: 0 asks what the culture
 * does by itself, 1 what it does when written to.
 *
 * Legend: N items, K context patches, Z latent dimensions, D width. Noise is at time 0, data at time 1.
 */
import { type Tensor, tensor } from "../../compute/index.ts";
import { type Array as JaxArray, lax, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import {
  type Block,
  initBlock,
  initLinear,
  initNorm,
  type Linear,
  layerNorm,
  linear,
  type Norm,
  transformerBlock,
} from "../../networks/layers.ts";

export interface DynamicsShape {
  readonly latents: number;
  readonly context: number;
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
}

export type Dynamics<Leaf> = {
  context: Linear<Leaf>;
  noisy: Linear<Leaf>;
  position: Leaf;
  time: Linear<Leaf>;
  blocks: Block<Leaf>[];
  norm: Norm<Leaf>;
  output: Linear<Leaf>;
};

/** Features of (time, step, written) that condition the denoising token. */
export const CONDITIONS = 9;

export function initDynamics(random: Random, shape: DynamicsShape): Dynamics<Tensor> {
  const { latents, context, width, blocks } = shape;
  return {
    context: initLinear(random, latents, width),
    noisy: initLinear(random, latents, width),
    position: tensor(
      [context + 1, width],
      random.normals((context + 1) * width).map((value) => 0.3 * value),
    ),
    time: initLinear(random, CONDITIONS, width),
    blocks: Array.from({ length: blocks }, () => initBlock(random, width)),
    norm: initNorm(width),
    output: initLinear(random, width, latents, 0.1),
  };
}

/** What the flow is asked under: all `[N, 1]`. */
export interface FlowCondition {
  /** Time in [0, 1]. */
  readonly time: JaxArray;
  /** Length of the step that the velocity is for: 0 (instantaneous), 1/2 or 1. */
  readonly step: JaxArray;
  /** 1 if a write follows the present datum. */
  readonly written: JaxArray;
}

/** A flow between noise and patches: the velocity `[N, Z]` at noisy patches `[N, Z]`, given a context of N rows. */
export type Flow = (noisy: JaxArray, context: JaxArray, condition: FlowCondition) => JaxArray;

/** The transformer's flow; a context is `[N, K, Z]`. */
export function flowOf(p: Dynamics<JaxArray>, { width, latents, context: K, heads }: DynamicsShape): Flow {
  return (noisy, context, condition) => {
    const N = noisy.shape[0];
    const features = conditionFeatures(condition);
    const token = linear(p.noisy, noisy).add(linear(p.time, features)).reshape([N, 1, width]);
    let x = np.concatenate([linear(p.context, context), token], 1).add(p.position);
    for (const block of p.blocks) x = transformerBlock(block, x, heads);
    const last = np.split(x, [K], 1)[1].reshape([N, width]);
    return linear(p.output, layerNorm(p.norm, last)).reshape([N, latents]);
  };
}

/** `[N, 9]`: sines and cosines of time at three rates, the step, its square root, the write flag. */
export function conditionFeatures({ time, step, written }: FlowCondition): JaxArray {
  const waves = [1, 2, 4].flatMap((rate) => {
    const angle = time.mul((Math.PI / 2) * rate);
    return [np.sin(angle), np.cos(angle)];
  });
  return np.concatenate([...waves, step, np.sqrt(step), written], 1);
}

/** What a sample is drawn from: standard normal noise `[N, Z]`, a context of N rows, `written [N, 1]`. */
export type SampleInputs = Pick<DynamicsBatch<JaxArray>, "noise" | "context" | "written">;

/** A sample `[N, Z]` of a flow, in one or two shortcut steps. */
export function sample(flow: Flow, { noise, context, written }: SampleInputs, steps: 1 | 2): JaxArray {
  const N = noise.shape[0];
  let z = noise;
  for (let k = 0; k < steps; k++) {
    const condition = {
      time: np.full([N, 1], k / steps),
      step: np.full([N, 1], 1 / steps),
      written,
    };
    z = z.add(flow(z, context, condition).mul(1 / steps));
  }
  return z;
}

export type DynamicsBatch<Leaf> = {
  /** `[N, Z]` the patch that came. */
  patch: Leaf;
  /** `[N, K, Z]` */
  context: Leaf;
  /** `[N, 1]` */
  written: Leaf;
  /** `[N, Z]` standard normal. */
  noise: Leaf;
  /** `[N, 1]` uniform in [0, 1]. */
  time: Leaf;
};

/** Rows of several arrays, one after the other: one evaluation of the network serves all of them. */
const rows = (...parts: JaxArray[]): JaxArray => np.concatenate(parts, 0);

/**
 * Flow matching on the batch plus, on its first half, the shortcut's self-consistency: a half step must equal two
 * quarter steps of the instantaneous flow, a whole step two half steps (targets without gradient).
 */
export function flowLoss(flow: Flow, batch: DynamicsBatch<JaxArray>): JaxArray {
  const N = batch.patch.shape[0];
  const M = N / 2;
  const half = (x: JaxArray) => np.split(x, [M], 0)[0];
  const [patch, context, written, noise, time] = [
    batch.patch,
    batch.context,
    batch.written,
    batch.noise,
    batch.time,
  ].map(half);
  const [zero, step0, step1] = [np.zeros([M, 1]), np.full([M, 1], 0.5), np.ones([M, 1])];
  const two = (noisy: JaxArray, time: JaxArray) =>
    np.split(
      flow(noisy, rows(context, context), { time, step: rows(zero, step0), written: rows(written, written) }),
      2,
      0,
    );

  // The half step starts at 0 or at 1/2, by the batch's own random time; the whole step at 0.
  const start = np.where(time.less(0.5), 0, 0.5);
  const begin = between(noise, patch, start);
  const [quarter, half0] = two(rows(begin, noise), rows(start, zero));
  const [quarter1, half1] = two(
    rows(begin.add(quarter.mul(0.25)), noise.add(half0.mul(0.5))),
    rows(start.add(0.25), step0),
  );
  const targets = lax.stopGradient(rows(quarter.add(quarter1), half0.add(half1)).mul(0.5));

  const learned = flow(
    rows(between(batch.noise, batch.patch, batch.time), begin, noise),
    rows(batch.context, context, context),
    {
      time: rows(batch.time, start, zero),
      step: rows(np.zeros([N, 1]), step0, step1),
      written: rows(batch.written, written, written),
    },
  );
  const error = np.square(learned.sub(rows(batch.patch.sub(batch.noise), targets)));
  const [matching, shortcut] = np.split(error, [N], 0);
  return matching.mean().add(shortcut.mean().mul(2));
}

/** The straight path from noise to patch at `time`. */
function between(noise: JaxArray, patch: JaxArray, time: JaxArray): JaxArray {
  return noise.mul(time.neg().add(1)).add(patch.mul(time));
}

/**
 * Squared error `[N, Z]` of the velocity against `patch - noise` at a random time: the flow matching loss, and,
 * as a function of the patch, a bound on its negative log density up to scale (the diffusion prior).
 */
export function flowError(
  flow: Flow,
  { patch, context, written, noise, time }: DynamicsBatch<JaxArray>,
): JaxArray {
  const N = patch.shape[0];
  const condition = { time, step: np.zeros([N, 1]), written };
  return np.square(flow(between(noise, patch, time), context, condition).sub(patch.sub(noise)));
}
