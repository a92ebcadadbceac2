/**
 * Samples of the future patches ("dreams"), all inside one traced program: the context once, then one patch at a time with the
 * keys and values of the context kept.
 *
 * Legend: N windows, S samples, L context patches, F future patches, B bins, C channels, Z latents.
 */
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { type Gru, gruHidden, gruReadout, gruStart } from "../../networks/recurrent.ts";
import type { Blend } from "../heads/blend.ts";
import { type Kept, UNSEEN } from "../model/causal-trunk.ts";
import { contextFeatures, contextStep, type ForecastDynamics, flowSample } from "../model/latent-dynamics.ts";
import { denormalise, type Normaliser, normalise } from "../model/parameters.ts";
import {
  decodeLatents,
  encodeFeatures,
  type ForecastAutoencoder,
  forecastDirectly,
  posterior,
} from "../model/patch-autoencoder.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";

export type Networks<Leaf> = {
  autoencoder: ForecastAutoencoder<Leaf>;
  dynamics: ForecastDynamics<Leaf>;
  normaliser: Normaliser<Leaf>;
  recurrent?: Gru<Leaf>;
};

/** What a forecast is made from. */
export type RateInputs<Leaf> = {
  /** `[N, L * B, C]` */
  counts: Leaf;
  /** `[N, L, K]` slow features of each patch, for the recurrent head. */
  slow: Leaf;
  /** `[N, F * B, C]` `plainLogRates` */
  plain: Leaf;
  /** `[N * S, F, Z]` standard normal. */
  noise: Leaf;
};

export interface Mix {
  readonly blend: Blend;
  /** `[C]` expected counts per bin that no blend goes beyond; none where it is not given. */
  readonly limit?: readonly number[];
}

/** Shortcut steps of the flow for each patch. */
export type FlowSteps = 1 | 2;

/** Rates `[N, S, F * B, C]` and observed latents `[N, L, Z]`. */
export function forecastRates(
  { recurrent, ...networks }: Networks<JaxArray>,
  { counts, slow, plain, noise }: RateInputs<JaxArray>,
  shape: ForecastShape,
  { flowSteps, ...mix }: Mix & { readonly flowSteps: FlowSteps },
): { rates: JaxArray; latents: JaxArray } {
  const { autoencoder, dynamics, normaliser } = networks;
  const { contextPatches: L, width } = shape;
  const N = counts.shape[0];
  const { features } = encodeFeatures(autoencoder, counts, shape);
  const latents = normalise(normaliser, posterior(autoencoder, features).mean);
  const context = contextFeatures(dynamics, { latents, dreamed: np.zeros([N, L, 1]) }, shape.heads);
  const last = (x: JaxArray) => np.split(x, [L - 1], 1)[1].reshape([N, width]);
  const direct = forecastDirectly(autoencoder, last(features).reshape([N, 1, width]), shape);
  const ages = np.array([Array.from({ length: L }, (_, i) => L - i)]);
  const known = { features: last(context.features), kept: context.kept, ages };
  const dreams = dream(dynamics, known, noise, { shape, flowSteps });
  const recurrentOf = (gru: Gru<JaxArray>) =>
    recurrentLogRates(gru, { counts, slow, hidden: gruStart(gru, N) }, shape, mix.blend);
  const parts = {
    dreams,
    direct: direct.reshape([N, -1, shape.channels]),
    plain: recurrent ? plain.add(recurrentOf(recurrent).logRates) : plain,
  };
  return { rates: sampledRates(networks, parts, shape, mix), latents };
}

/** What dreams begin from. */
export interface KnownPast {
  /** `[N, D]` of the last patch. */
  readonly features: JaxArray;
  /** Of every block, of all patches. */
  readonly kept: readonly Kept<JaxArray>[];
  /** `[1, L]` how many patches before the first dream each kept one was. */
  readonly ages: JaxArray;
}

/**
 * Dreams `[N * S, F, Z]` from standard normal noise of that shape. The courses of a window share what is kept, and each sees
 * of the dreams its own only.
 */
export function dream(
  dynamics: ForecastDynamics<JaxArray>,
  { features, kept, ages }: KnownPast,
  noise: JaxArray,
  { shape, flowSteps }: { readonly shape: ForecastShape; readonly flowSteps: FlowSteps },
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
    const z = flowSample(dynamics, draws[f], known, flowSteps);
    dreams.push(z);
    if (f === F - 1) break;
    const toKept = np.broadcastTo(ages.add(f), [S, L]);
    const distances = np.concatenate([toKept, np.array(distancesToDreams(S, f))], 1);
    const dreamed = { latents: z.reshape([N, S, Z]), dreamed: np.ones([N, S, 1]) };
    const next = contextStep(dynamics, dreamed, heads, { kept: past, distances });
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

export interface NetworkParts {
  /** `[N * S, F, Z]` */
  readonly dreams: JaxArray;
  /** `[N, F * B, C]` log rates of the direct head. */
  readonly direct: JaxArray;
  /** `[N, F * B, C]` weighted log rates of the other parts. */
  readonly plain: JaxArray;
}

/**
 * Expected counts `[N, S, F * B, C]` of the dreams, scaled so that their mean over the samples is the blend of what the
 * dreams, the direct head and the other parts expect. Where dreams have no weight they give only the spread.
 */
export function sampledRates(
  { autoencoder, normaliser }: Pick<Networks<JaxArray>, "autoencoder" | "normaliser">,
  { dreams, direct, plain }: NetworkParts,
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

/** What the recurrent head sees: counts `[N, T * B, C]`, slow features `[N, T, K]` and the hidden state `[N, W]` before them. */
export interface RecurrentInputs {
  readonly counts: JaxArray;
  readonly slow: JaxArray;
  readonly hidden: JaxArray;
}

/** Weighted log rates `[N, F * B, C]` of the recurrent head, and its next hidden state `[N, W]`. */
export function recurrentLogRates(
  recurrent: Gru<JaxArray>,
  { counts, slow, hidden: before }: RecurrentInputs,
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
