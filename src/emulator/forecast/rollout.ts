/**
 * Samples of the patches to come, all inside one traced program: the context once, then one patch at a time with the
 * keys and values of the context kept.
 *
 * Legend: N windows, S samples, L context patches, F future patches, B bins, C channels, Z latents.
 */
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { type Gru, gruHidden, gruReadout, gruStart } from "../recurrent.ts";
import {
  decodeLatents,
  encodeFeatures,
  type ForecastAutoencoder,
  forecastDirectly,
  posterior,
} from "./autoencoder.ts";
import type { Blend } from "./blend.ts";
import { contextFeatures, contextStep, type ForecastDynamics, flowSample } from "./flow.ts";
import { denormalise, type Normaliser, normalise } from "./losses.ts";
import type { ForecastShape } from "./shape.ts";
import { type Kept, UNSEEN } from "./trunk.ts";

export type Networks<Leaf> = {
  autoencoder: ForecastAutoencoder<Leaf>;
  dynamics: ForecastDynamics<Leaf>;
  normaliser: Normaliser<Leaf>;
  recurrent?: Gru<Leaf>;
};

/** counts `[N, L * B, C]`, plain `[N, F * B, C]` (`plainRates`), noise `[N * S, F, Z]` -> rates `[N, S, F * B, C]` and observed latents `[N, L, Z]`. */
export function forecastRates(
  { recurrent, ...networks }: Networks<JaxArray>,
  counts: JaxArray,
  plain: JaxArray,
  noise: JaxArray,
  shape: ForecastShape,
  steps: 1 | 2,
  mix: Mix,
): { rates: JaxArray; latents: JaxArray } {
  const { autoencoder, dynamics, normaliser } = networks;
  const { contextPatches: L, width } = shape;
  const N = counts.shape[0]!;
  const { features } = encodeFeatures(autoencoder, counts, shape);
  const latents = normalise(normaliser, posterior(autoencoder, features).mean);
  const context = contextFeatures(dynamics, latents, np.zeros([N, L, 1]), shape.heads);
  const last = (x: JaxArray) => np.split(x, [L - 1], 1)[1]!.reshape([N, width]);
  const direct = forecastDirectly(autoencoder, last(features).reshape([N, 1, width]), shape);
  const ages = np.array([Array.from({ length: L }, (_, i) => L - i)]);
  const dreams = dream(dynamics, last(context.features), context.kept, ages, noise, shape, steps);
  const recurrentOf = (gru: Gru<JaxArray>) => recurrentRates(gru, counts, gruStart(gru, N), shape, mix.blend);
  const rates = sampledRates(
    networks,
    dreams,
    direct.reshape([N, -1, shape.channels]),
    recurrent ? plain.add(recurrentOf(recurrent).rates) : plain,
    shape,
    mix,
  );
  return { rates, latents };
}

/**
 * features `[N, D]` of the last patch, what the trunk kept of all patches (`ages [1, L]`: how many patches before the
 * first dream each was) -> dreams `[N * S, F, Z]`. The courses of a window share what is kept, and each sees of the dreams
 * its own only.
 */
export function dream(
  dynamics: ForecastDynamics<JaxArray>,
  features: JaxArray,
  kept: readonly Kept<JaxArray>[],
  ages: JaxArray,
  noise: JaxArray,
  shape: ForecastShape,
  steps: 1 | 2,
): JaxArray {
  const { futurePatches: F, latents: Z, width, heads } = shape;
  const N = features.shape[0]!;
  const M = noise.shape[0]!;
  const S = M / N;
  const L = ages.shape[1]!;
  const draws = np.split(noise.reshape([M, F * Z]), F, 1);
  const dreams: JaxArray[] = [];
  let past = kept;
  let known = np.broadcastTo(features.reshape([N, 1, width]), [N, S, width]).reshape([M, width]);
  for (let f = 0; f < F; f++) {
    const z = flowSample(dynamics, draws[f]!, known, steps);
    dreams.push(z);
    if (f === F - 1) break;
    const toKept = np.broadcastTo(ages.add(f), [S, L]);
    const distances = np.concatenate([toKept, np.array(distancesToDreams(S, f))], 1);
    const next = contextStep(dynamics, z.reshape([N, S, Z]), np.ones([N, S, 1]), heads, past, distances);
    known = next.features.reshape([M, width]);
    past = next.kept;
  }
  return np.concatenate(dreams, 1).reshape([M, F, Z]);
}

/** `[S, (f + 1) * S]`: how far the dreams 0 to f of all courses are from dream f of each. */
function distancesToDreams(S: number, f: number): number[][] {
  return Array.from({ length: S }, (_, s) =>
    Array.from({ length: (f + 1) * S }, (_, k) => (k % S === s ? f - Math.floor(k / S) : UNSEEN)),
  );
}

export interface Mix {
  /** The direct head's share in what the networks expect, log-linearly. */
  readonly directShare: number;
  readonly blend: Blend;
}

/**
 * Expected counts `[N, S, F * B, C]` of dreams `[N * S, F, Z]`, scaled so that their mean over the samples is the blend of
 * what the networks expect (the geometric mean of dreams and the direct head, `direct [N, F * B, C]`, log) and the plain
 * parts' `plain [N, F * B, C]`. With an even share the networks forecast better than dreams or head alone, by 1 to 2 % of
 * the achievable bits at the far patches; at 1 the dreams give only the spread.
 */
export function sampledRates(
  { autoencoder, normaliser }: Pick<Networks<JaxArray>, "autoencoder" | "normaliser">,
  dreams: JaxArray,
  direct: JaxArray,
  plain: JaxArray,
  shape: ForecastShape,
  { directShare, blend }: Mix,
): JaxArray {
  const { futurePatches: F, latents: Z, patchBins: B, channels: C } = shape;
  const N = direct.shape[0]!;
  const S = dreams.shape[0]! / N;
  const flat = denormalise(normaliser, dreams).reshape([N * S * F, Z]);
  const rates = np.exp(decodeLatents(autoencoder, flat, shape)).reshape([N, S, F * B, C]);
  const expected = rates.mean(1);
  const networks = np.exp(direct.mul(directShare).add(np.log(expected).mul(1 - directShare)));
  const scale = networks
    .mul(weightsOf(blend, "neural", B))
    .add(plain)
    .div(expected);
  return rates.mul(scale.reshape([N, 1, F * B, C]));
}

/** Weighted rates `[N, F * B, C]` of the recurrent head after counts `[N, T * B, C]` and a hidden state `[N, W]`; and the next state. */
export function recurrentRates(
  recurrent: Gru<JaxArray>,
  counts: JaxArray,
  before: JaxArray,
  { patchBins: B, channels: C }: ForecastShape,
  blend: Blend,
): { rates: JaxArray; hidden: JaxArray } {
  const [N, bins] = counts.shape as [number, number];
  const hidden = gruHidden(recurrent, np.sqrt(counts).reshape([N, bins / B, B * C]), before);
  const rates = np.exp(np.clip(gruReadout(recurrent, hidden, C), -10, 5));
  return { rates: rates.mul(weightsOf(blend, "recurrent", B)), hidden };
}

/** `[1, F * B, 1]` */
function weightsOf(blend: Blend, part: "neural" | "recurrent", patchBins: number): JaxArray {
  const weights = blend.flatMap((patch) => new Array<number>(patchBins).fill(patch[part]));
  return np.array(weights).reshape([1, weights.length, 1]);
}
