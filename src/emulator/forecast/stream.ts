/**
 * Forecasting while spikes come in: one patch at a time at constant cost. The keys and values of the last patches are kept
 * in a ring, for the encoder and for the dynamics; only the new patch is computed.
 *
 * While no more patches have come than a window holds, a stream forecasts just what the window's program does. After that
 * it knows a little more: what is kept of a patch was computed when the patches before it were still kept.
 *
 * Legend: S samples, F future patches, B bins per patch, C channels, L kept patches, D width, H heads, Z latents.
 */
import { type CompileOptions, compile, type Noise, type Tensor, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { encodeStep, forecastDirectly, posterior } from "./autoencoder.ts";
import { type Blend, neuralBlend, plainRates } from "./blend.ts";
import { contextStep } from "./flow.ts";
import { type ForecastParameters, normalise } from "./losses.ts";
import { addRecurrent, dream, type Networks, sampledRates } from "./rollout.ts";
import type { ForecastShape } from "./shape.ts";
import type { Kept } from "./trunk.ts";

export interface StreamForecast {
  /** `[S, F * B, C]` expected counts per bin. */
  readonly rates: Float32Array;
  /** `[Z]` of the patch that came. */
  readonly latents: Float32Array;
}

export interface StreamOptions {
  readonly samples?: number;
  /** As of `openForecastEmulator`. */
  readonly directShare?: number;
  readonly blend?: Blend;
}

export interface ForecastStream {
  /** Takes in the counts `[B, C]` of one patch and forecasts what follows it. */
  push(counts: Float32Array, noise: Noise): Promise<StreamForecast>;
  /** Forgets all that came. */
  reset(): void;
  dispose(): Promise<void>;
}

/** The age of a place in the ring that nothing has come to yet: nothing attends that far. */
const NEVER = 1e9;

export async function openForecastStream(
  { history: _, past, ...networks }: ForecastParameters,
  shape: ForecastShape,
  {
    samples: S = 16,
    directShare = 0.5,
    blend = neuralBlend(shape.futurePatches),
    ...compute
  }: CompileOptions & StreamOptions = {},
): Promise<ForecastStream> {
  const {
    contextPatches,
    futurePatches: F,
    patchBins: B,
    channels: C,
    latents: Z,
    width,
    heads,
    blocks,
  } = shape;
  const L = contextPatches - 1;
  const empty = (): Kept<Tensor>[] =>
    Array.from({ length: blocks }, () => ({
      keys: zeros([1, L, heads, width / heads]),
      values: zeros([1, L, heads, width / heads]),
    }));
  const state = {
    encoder: empty(),
    dynamics: empty(),
    ages: tensor([1, L], new Float32Array(L).fill(NEVER)),
  };
  let place = 0;
  // The bins that the channel-past head looks at.
  const history = new Float32Array(contextPatches * B * C);

  const step = (
    p: Networks<JaxArray>,
    kept: { encoder: Kept<JaxArray>[]; dynamics: Kept<JaxArray>[]; ages: JaxArray },
    counts: JaxArray,
    history: JaxArray,
    plain: JaxArray,
    noise: JaxArray,
  ) => {
    const encoded = encodeStep(p.autoencoder, counts, kept.encoder, kept.ages, shape);
    const latents = normalise(p.normaliser, posterior(p.autoencoder, encoded.features).mean);
    const context = contextStep(p.dynamics, latents, np.zeros([1, 1, 1]), heads, kept.dynamics, kept.ages);
    const ages = np.concatenate([kept.ages.add(1), np.ones([1, 1])], 1);
    const dreams = dream(
      p.dynamics,
      context.features.reshape([1, width]),
      context.kept,
      ages,
      noise,
      shape,
      2,
    );
    const direct = forecastDirectly(p.autoencoder, encoded.features, shape).reshape([1, F * B, C]);
    const newest = ({ keys, values }: Kept<JaxArray>) => ({
      keys: np.split(keys, [L], 1)[1]!,
      values: np.split(values, [L], 1)[1]!,
    });
    return {
      rates: sampledRates(p, dreams, direct, addRecurrent(plain, p.recurrent, history, shape, blend), shape, {
        directShare,
        blend,
      }),
      latents,
      encoder: encoded.kept.map(newest),
      dynamics: context.kept.map(newest),
    };
  };
  const program = await compile(
    step,
    [
      networks,
      state,
      zeros([1, B, C]),
      zeros([1, contextPatches * B, C]),
      zeros([1, F * B, C]),
      zeros([S, F, Z]),
    ],
    compute,
  );

  const keep = (ring: Kept<Tensor>[], newest: readonly Kept<Tensor>[]) => {
    ring.forEach(({ keys, values }, b) => {
      (keys.data as Float32Array).set(newest[b]!.keys.data as Float32Array, place * width);
      (values.data as Float32Array).set(newest[b]!.values.data as Float32Array, place * width);
    });
  };
  return {
    async push(counts, noise) {
      history.copyWithin(0, B * C);
      history.set(counts, history.length - B * C);
      const plain = plainRates(past, blend, { size: 1, history }, shape);
      const out = await program.run(
        networks,
        state,
        tensor([1, B, C], counts),
        tensor([1, contextPatches * B, C], history),
        tensor([1, F * B, C], plain),
        noise.normals([S, F, Z]),
      );
      keep(state.encoder, out.encoder);
      keep(state.dynamics, out.dynamics);
      const ages = state.ages.data;
      for (let i = 0; i < L; i++) if (ages[i]! < NEVER) ages[i]!++;
      ages[place] = 1;
      place = (place + 1) % L;
      return { rates: out.rates.data as Float32Array, latents: out.latents.data as Float32Array };
    },
    reset() {
      state.ages.data.fill(NEVER);
      history.fill(0);
      place = 0;
    },
    dispose: () => program.dispose(),
  };
}
