/**
 * Samples of the patches to come, all inside one traced program: the context once, then one patch at a time with the
 * keys and values of the context kept.
 *
 * Legend: N windows, S samples, L context patches, F future patches, B bins, C channels, Z latents.
 */
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { type Gru, gruHidden, gruReadout, gruStart } from "../../networks/recurrent.ts";
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

/**
 * counts `[N, L * B, C]`, slow features `[N, L, K]` of each patch (for the recurrent head), plain `[N, F * B, C]`
 * (`plainLogRates`), noise `[N * S, F, Z]` -> rates `[N, S, F * B, C]` and observed latents `[N, L, Z]`.
 */
export function forecastRates(
  { recurrent, ...networks }: Networks<JaxArray>,
  counts: JaxArray,
  slow: JaxArray,
  plain: JaxArray,
  noise: JaxArray,
  shape: ForecastShape,
  steps: 1 | 2,
  mix: Mix,
): { rates: JaxArray; latents: JaxArray } {
  const { autoencoder, dynamics, normaliser } = networks;
  const { contextPatches: L, width } = shape;
  const N = counts.shape[0];
  const { features } = encodeFeatures(autoencoder, counts, shape);
  const latents = normalise(normaliser, posterior(autoencoder, features).mean);
  const context = contextFeatures(dynamics, latents, np.zeros([N, L, 1]), shape.heads);
  const last = (x: JaxArray) => np.split(x, [L - 1], 1)[1].reshape([N, width]);
  const direct = forecastDirectly(autoencoder, last(features).reshape([N, 1, width]), shape);
  const ages = np.array([Array.from({ length: L }, (_, i) => L - i)]);
  const dreams = dream(dynamics, last(context.features), context.kept, ages, noise, shape, steps);
  const recurrentOf = (gru: Gru<JaxArray>) =>
    recurrentLogRates(gru, counts, slow, gruStart(gru, N), shape, mix.blend);
  const rates = sampledRates(
    networks,
    dreams,
    direct.reshape([N, -1, shape.channels]),
    recurrent ? plain.add(recurrentOf(recurrent).logRates) : plain,
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
  const N = features.shape[0];
  const M = noise.shape[0];
  const S = M / N;
  const L = ages.shape[1];
  const draws = np.split(noise.reshape([M, F * Z]), F, 1);
  const dreams: JaxArray[] = [];
  let past = kept;
  let known = np.broadcastTo(features.reshape([N, 1, width]), [N, S, width]).reshape([M, width]);
  for (let f = 0; f < F; f++) {
    const z = flowSample(dynamics, draws[f], known, steps);
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
  readonly blend: Blend;
  /** `[C]` expected counts per bin that no blend goes beyond; none where it is not given. */
  readonly limit?: readonly number[];
}

/**
 * Expected counts `[N, S, F * B, C]` of dreams `[N * S, F, Z]`, scaled so that their mean over the samples is the blend of
 * what the dreams expect, the direct head's `direct [N, F * B, C]` (log) and the other parts' `plain [N, F * B, C]` (log,
 * weighted). Where dreams have no weight they give only the spread.
 */
export function sampledRates(
  { autoencoder, normaliser }: Pick<Networks<JaxArray>, "autoencoder" | "normaliser">,
  dreams: JaxArray,
  direct: JaxArray,
  plain: JaxArray,
  shape: ForecastShape,
  { blend, limit }: Mix,
): JaxArray {
  const { futurePatches: F, latents: Z, patchBins: B, channels: C } = shape;
  const N = direct.shape[0];
  const S = dreams.shape[0] / N;
  const flat = denormalise(normaliser, dreams).reshape([N * S * F, Z]);
  const rates = np.exp(decodeLatents(autoencoder, flat, shape)).reshape([N, S, F * B, C]);
  const expected = np.log(rates.mean(1));
  const logRates = direct
    .mul(weightsOf(blend, "direct", B))
    .add(expected.mul(weightsOf(blend, "dreams", B)))
    .add(plain);
  const most = limit ? np.array([[limit.map(Math.log)]]) : 5;
  const scale = np.exp(np.minimum(np.clip(logRates, -10, 5), most).sub(expected));
  return rates.mul(scale.reshape([N, 1, F * B, C]));
}

/**
 * Weighted log rates `[N, F * B, C]` of the recurrent head after counts `[N, T * B, C]`, slow features `[N, T, K]` and a
 * hidden state `[N, W]`; and the next state.
 */
export function recurrentLogRates(
  recurrent: Gru<JaxArray>,
  counts: JaxArray,
  slow: JaxArray,
  before: JaxArray,
  { patchBins: B, channels: C }: ForecastShape,
  blend: Blend,
): { logRates: JaxArray; hidden: JaxArray } {
  const [N, bins] = counts.shape as [number, number];
  const roots = np.sqrt(counts).reshape([N, bins / B, B * C]);
  const hidden = gruHidden(recurrent, np.concatenate([roots, slow], 2), before);
  const logRates = np.clip(gruReadout(recurrent, hidden, C), -10, 5);
  return { logRates: logRates.mul(weightsOf(blend, "recurrent", B)), hidden };
}

/** `[1, F * B, 1]` */
function weightsOf(blend: Blend, part: "direct" | "dreams" | "recurrent", patchBins: number): JaxArray {
  const weights = blend.flatMap((patch) => new Array<number>(patchBins).fill(patch[part]));
  return np.array(weights).reshape([1, weights.length, 1]);
}
