/**
 * Latent dynamics of the forecasting emulator: a causal transformer over latent patches, and a small flow head that
 * draws the next patch given the transformer's features of all before it (Li et al. 2024,
 * https://arxiv.org/abs/2406.11838), in one or two shortcut steps (Frans et al. 2024, https://arxiv.org/abs/2410.12557).
 *
 * A patch in the context is either observed (the posterior mean of what was recorded) or dreamed (a sample): a flag says
 * which. Training mixes both, so that a forecast continues from its own samples as it was trained to.
 *
 * Legend: N windows, T patches, Z latents, D width. Noise is at time 0, data at time 1.
 */
import { silu } from "../../compute/functions.ts";
import type { Tensor } from "../../compute/index.ts";
import { type Array as JaxArray, lax, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { initLinear, initNorm, type Linear, layerNorm, linear, type Norm } from "../../networks/layers.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import { initTrunk, type KeptPast, runTrunk, stepTrunk, type Trunk } from "./causal-trunk.ts";

type Modulated<Leaf> = {
  norm: Norm<Leaf>;
  modulate: Linear<Leaf>;
  expand: Linear<Leaf>;
  contract: Linear<Leaf>;
};

export type ForecastDynamics<Leaf> = {
  input: Linear<Leaf>;
  trunk: Trunk<Leaf>;
  condition: Linear<Leaf>;
  time: Linear<Leaf>;
  noisy: Linear<Leaf>;
  blocks: Modulated<Leaf>[];
  output: Linear<Leaf>;
};

const TIME_FEATURES = 8;
const FLOW_BLOCKS = 2;

export function initForecastDynamics(random: Random, shape: ForecastShape): ForecastDynamics<Tensor> {
  const { latents, width, blocks, flowWidth } = shape;
  return {
    input: initLinear(random, latents + 1, width),
    trunk: initTrunk(random, width, blocks),
    condition: initLinear(random, width, flowWidth),
    time: initLinear(random, TIME_FEATURES, flowWidth),
    noisy: initLinear(random, latents, flowWidth),
    blocks: Array.from({ length: FLOW_BLOCKS }, () => ({
      norm: initNorm(flowWidth),
      modulate: initLinear(random, flowWidth, 3 * flowWidth, 0.3),
      expand: initLinear(random, flowWidth, 2 * flowWidth),
      contract: initLinear(random, 2 * flowWidth, flowWidth, 0.5),
    })),
    output: initLinear(random, flowWidth, latents, 0.1),
  };
}

export interface LatentPatches {
  /** `[N, T, Z]` */
  readonly latents: JaxArray;
  /** `[N, T, 1]` 1 for a sample, 0 for what was observed. */
  readonly dreamed: JaxArray;
}

/** Features `[N, T, D]` of patches. */
export function contextFeatures(
  p: ForecastDynamics<JaxArray>,
  { latents, dreamed }: LatentPatches,
  heads: number,
) {
  return runTrunk(p.trunk, linear(p.input, np.concatenate([latents, dreamed], 2)), heads);
}

/** The same for new patches of T courses. */
export function contextStep(
  p: ForecastDynamics<JaxArray>,
  { latents, dreamed }: LatentPatches,
  heads: number,
  past: KeptPast,
) {
  return stepTrunk(p.trunk, linear(p.input, np.concatenate([latents, dreamed], 2)), heads, past);
}

/** When the flow is asked, and over how long a step: both `[M, 1]`. */
interface FlowTime {
  readonly time: JaxArray;
  readonly step: JaxArray;
}

/** Flow velocity `[M, Z]` at noisy `[M, Z]` given features `[M, D]`. */
function flowVelocity(
  p: ForecastDynamics<JaxArray>,
  noisy: JaxArray,
  features: JaxArray,
  { time, step }: FlowTime,
): JaxArray {
  const waves = [1, 2, 4].flatMap((rate) => {
    const angle = time.mul((Math.PI / 2) * rate);
    return [np.sin(angle), np.cos(angle)];
  });
  const times = np.concatenate([...waves, step, np.sqrt(step)], 1);
  const condition = silu(linear(p.condition, features).add(linear(p.time, times)));
  let x = linear(p.noisy, noisy);
  for (const { norm, modulate, expand, contract } of p.blocks) {
    const [scale, shift, gate] = np.split(linear(aroundOne(modulate), condition), 3, 1) as [
      JaxArray,
      JaxArray,
      JaxArray,
    ];
    const hidden = silu(linear(expand, layerNorm(norm, x).mul(scale).add(shift)));
    x = x.add(linear(contract, hidden).mul(gate));
  }
  return linear(p.output, x.add(condition));
}

/** With scale and gate, the first and last third of what it gives, 1 where nothing is learned. */
function aroundOne({ weight, bias }: Linear<JaxArray>): Linear<JaxArray> {
  const width = bias.shape[0] / 3;
  const ones = np.ones([width]);
  return { weight, bias: bias.add(np.concatenate([ones, np.zeros([width]), ones])) };
}

/** A sample `[M, Z]` from standard normal noise `[M, Z]`, in one or two shortcut steps. */
export function flowSample(
  p: ForecastDynamics<JaxArray>,
  noise: JaxArray,
  features: JaxArray,
  steps: 1 | 2,
): JaxArray {
  const M = noise.shape[0];
  let z = noise;
  for (let k = 0; k < steps; k++) {
    const v = flowVelocity(p, z, features, {
      time: np.full([M, 1], k / steps),
      step: np.full([M, 1], 1 / steps),
    });
    z = z.add(v.mul(1 / steps));
  }
  return z;
}

const rows = (...parts: JaxArray[]): JaxArray => np.concatenate(parts, 0);

/**
 * Flow matching of next patches `[M, Z]` given features `[M, D]`, plus the shortcut's self-consistency on the first
 * quarter of them: a half step equals two quarter steps of the instantaneous flow, a whole step two half steps.
 * `noise [M, Z]` standard normal, `time [M, 1]` uniform in [0, 1]. M must be a multiple of 4.
 */
export function flowLoss(
  p: ForecastDynamics<JaxArray>,
  { next, features, noise, time }: Record<"next" | "features" | "noise" | "time", JaxArray>,
): JaxArray {
  const M = next.shape[0];
  const Q = M / 4;
  const quarter = (x: JaxArray) => np.split(x, [Q], 0)[0];
  const [next0, features0, noise0, time0] = [next, features, noise, time].map(quarter) as [
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
  ];
  const [zero, half, one] = [np.zeros([Q, 1]), np.full([Q, 1], 0.5), np.ones([Q, 1])];
  const fixed = lax.stopGradient(features0);
  const two = (noisy: JaxArray, times: JaxArray) =>
    np.split(flowVelocity(p, noisy, rows(fixed, fixed), { time: times, step: rows(zero, half) }), 2, 0) as [
      JaxArray,
      JaxArray,
    ];

  const start = np.where(time0.less(0.5), 0, 0.5);
  const begin = between(noise0, next0, start);
  const [small0, half0] = two(rows(begin, noise0), rows(start, zero));
  const [small1, half1] = two(
    rows(begin.add(small0.mul(0.25)), noise0.add(half0.mul(0.5))),
    rows(start.add(0.25), half),
  );
  const targets = lax.stopGradient(rows(small0.add(small1), half0.add(half1)).mul(0.5));
  const learned = flowVelocity(
    p,
    rows(between(noise, next, time), begin, noise0),
    rows(features, features0, features0),
    { time: rows(time, start, zero), step: rows(np.zeros([M, 1]), half, one) },
  );
  const error = np.square(learned.sub(rows(next.sub(noise), targets)));
  const [flow, shortcut] = np.split(error, [M], 0) as [JaxArray, JaxArray];
  return flow.mean().add(shortcut.mean());
}

/** The straight path from noise to patch at `time`. */
function between(noise: JaxArray, patch: JaxArray, time: JaxArray): JaxArray {
  return noise.mul(time.neg().add(1)).add(patch.mul(time));
}
