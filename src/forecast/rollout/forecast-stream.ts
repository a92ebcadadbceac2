/**
 * Forecasting while spikes stream in: one patch at a time at constant cost. The keys and values of the last patches are kept
 * in a ring, for the encoder and for the dynamics, and the recurrent head's hidden state is carried on; only the new patch
 * is computed, all of it in one program with the weights inside.
 *
 * As long as no more patches have arrived than a window holds, a stream forecasts what the window's program does. After that
 * it knows a little more: what is kept of a patch was computed when the patches before it were still kept.
 *
 * Legend: S samples, F future patches, B bins per patch, C channels, L kept patches, D width, H heads, Z latents.
 */
import {
  type CompileOptions,
  type Noise,
  residentProgram,
  type Tensor,
  tensor,
  zeros,
} from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { type Blend, neuralBlend, plainLogRates } from "../heads/blend.ts";
import { expectedSpikes, limitOf } from "../heads/channel-past.ts";
import { type Kept, UNSEEN } from "../model/causal-trunk.ts";
import { contextStep } from "../model/latent-dynamics.ts";
import { type ForecastParameters, normalise } from "../model/parameters.ts";
import { encodeStep, forecastDirectly, posterior } from "../model/patch-autoencoder.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import { SLOW_BINS, SlowMeans, slowFeatures } from "../windows/slow-means.ts";
import { dream, type Networks, recurrentLogRates, sampledRates } from "./forecast-rates.ts";

export interface StreamForecast {
  /** `[S, F * B, C]` expected counts per bin. The stream's own: the next push overwrites it. */
  readonly rates: Float32Array;
  /** `[Z]` of the newest patch; the stream's own, too. */
  readonly latents: Float32Array;
}

export interface StreamOptions {
  /** Default 8: half the cost of 16, and every patch brings new ones. */
  readonly samples?: number;
  /** As of `openForecastEmulator`. */
  readonly blend?: Blend;
}

export interface ForecastStream {
  /** S */
  readonly samples: number;
  /** Takes in the counts `[B, C]` of one patch and forecasts what follows it. */
  push(counts: Float32Array, noise: Noise): Promise<StreamForecast>;
  /** Forgets all patches so far. */
  reset(): void;
  dispose(): Promise<void>;
}

/** Inputs of a step. */
type StepInputs<Leaf> = {
  encoder: Kept<Leaf>[];
  dynamics: Kept<Leaf>[];
  /** `[1, L]` how many patches ago each place of the ring was filled, or `UNSEEN`. */
  ages: Leaf;
  /** `[1, W]` hidden state of the recurrent head. */
  hidden: Leaf;
  /** `[1, B, C]` */
  counts: Leaf;
  /** `[1, 1, K]` */
  slow: Leaf;
  /** `[1, F * B, C]` */
  plain: Leaf;
  /** `[S, F, Z]` */
  noise: Leaf;
};

export async function openForecastStream(
  { history: _, past, ...networks }: ForecastParameters,
  shape: ForecastShape,
  {
    samples: S = 8,
    blend = neuralBlend(shape.futurePatches),
    ...compute
  }: CompileOptions & StreamOptions = {},
): Promise<ForecastStream> {
  const { contextPatches, futurePatches: F, patchBins: B, channels: C, latents: Z, width, heads } = shape;
  const L = contextPatches - 1;
  const K = SLOW_BINS.length;
  const depth = width / heads;
  const step = (p: Networks<JaxArray>, kept: StepInputs<JaxArray>) => {
    const distances = np.concatenate([kept.ages, np.zeros([1, 1])], 1);
    const encoded = encodeStep(p.autoencoder, kept.counts, { kept: kept.encoder, distances }, shape);
    const latents = normalise(p.normaliser, posterior(p.autoencoder, encoded.features).mean);
    const observed = { latents, dreamed: np.zeros([1, 1, 1]) };
    const context = contextStep(p.dynamics, observed, heads, { kept: kept.dynamics, distances });
    const known = {
      features: context.features.reshape([1, width]),
      kept: context.kept,
      ages: distances.add(1),
    };
    const dreams = dream(p.dynamics, known, kept.noise, { shape, flowSteps: 2 });
    const direct = forecastDirectly(p.autoencoder, encoded.features, shape).reshape([1, F * B, C]);
    const recurrent = p.recurrent && recurrentLogRates(p.recurrent, kept, shape, blend);
    const plain = recurrent ? kept.plain.add(recurrent.logRates) : kept.plain;
    return {
      rates: sampledRates(p, { dreams, direct, plain }, shape, { blend, ...limitOf(past) }),
      latents,
      hidden: recurrent?.hidden ?? kept.hidden,
      encoder: encoded.newest,
      dynamics: context.newest,
    };
  };
  const ring = (): Kept<Tensor>[] =>
    Array.from({ length: shape.blocks }, () => ({
      keys: zeros([1, heads, L, depth]),
      values: zeros([1, heads, L, depth]),
    }));
  const program = await residentProgram(
    step,
    networks,
    {
      encoder: ring(),
      dynamics: ring(),
      ages: tensor([1, L], new Float32Array(L)),
      hidden: zeros([1, networks.recurrent?.gates.weight.shape[0] ?? 1]),
      counts: zeros([1, B, C]),
      slow: zeros([1, 1, K]),
      plain: zeros([1, F * B, C]),
      noise: zeros([S, F, Z]),
    },
    compute,
  );
  const { inputs, outputs } = program;
  /** `[contextPatches * B, C]` the bins that the plain parts look at. */
  const history = new Float32Array(contextPatches * B * C);
  /** `[contextPatches * B, K]` the slow means up to each of them. */
  const slow = new Float32Array(contextPatches * B * K);
  let means = new SlowMeans();
  const expected = expectedSpikes(past);
  const ages = inputs.ages.data;
  let place = 0;

  /** Puts what was kept of the newest patch, `[H, D / H]`, into the ring, `[H, L, D / H]`. */
  const keep = (into: Tensor, newest: Tensor) => {
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < depth; i++) into.data[(h * L + place) * depth + i] = newest.data[h * depth + i];
  };
  const keepAll = (into: readonly Kept<Tensor>[], newest: readonly Kept<Tensor>[]) => {
    newest.forEach(({ keys, values }, b) => {
      keep(into[b].keys, keys);
      keep(into[b].values, values);
    });
  };
  const reset = () => {
    ages.fill(UNSEEN);
    inputs.hidden.data.fill(0);
    history.fill(0);
    slow.fill(0);
    means = new SlowMeans();
    place = 0;
  };
  reset();
  return {
    samples: S,
    async push(counts, noise) {
      history.copyWithin(0, B * C);
      history.set(counts, history.length - B * C);
      inputs.counts.data.set(counts);
      slow.copyWithin(0, B * K);
      for (let b = 0; b < B; b++) {
        means.push(counts.subarray(b * C, (b + 1) * C).reduce((sum, count) => sum + count, 0));
        means.write(slow, slow.length + (b - B) * K);
      }
      inputs.slow.data.set(slowFeatures(slow.subarray(slow.length - B * K), expected, B));
      if (past) inputs.plain.data.set(plainLogRates(past, blend, { size: 1, history, slow }, shape));
      inputs.noise.data.set(noise.normals([S, F, Z]).data);
      await program.run();
      keepAll(inputs.encoder, outputs.encoder);
      keepAll(inputs.dynamics, outputs.dynamics);
      inputs.hidden.data.set(outputs.hidden.data);
      for (let i = 0; i < L; i++) if (ages[i] < UNSEEN) ages[i]++;
      ages[place] = 1;
      place = (place + 1) % L;
      return { rates: outputs.rates.data as Float32Array, latents: outputs.latents.data as Float32Array };
    },
    reset,
    dispose: () => program.dispose(),
  };
}
