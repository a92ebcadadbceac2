/**
 * The spike-history head: what a channel's own last bins say of its next one beyond the emulator's rate. A Poisson
 * regression per channel on top of the rates that were forecast for the bin before it came (so that no bin explains itself):
 * log rate = log forecast + offset + sum over l of weight[l] * min(count[t - l], 3).
 * Kapoor et al. 2024 use such a head on diffusion samples of rates, https://arxiv.org/abs/2407.08751.
 */
import { type CompileOptions, compile, type Tensor, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { encodeFeatures, type ForecastAutoencoder, forecastDirectly } from "./autoencoder.ts";
import type { ForecastParameters } from "./losses.ts";
import { dampedPoissonRegression } from "./regression.ts";
import type { ForecastShape } from "./shape.ts";

export const HISTORY_BINS = 5;
const COUNT_LIMIT = 3;
const WINDOWS = 300;
/** Ridge on the weights, in units of the information of this many spikes. */
const RIDGE = 10;

/** `firstPatch`: history `[H, C]`, and where its future begins -> log expected counts `[B, C]` of the patch that follows. */
export async function fitSpikeHistory(
  sequences: readonly Uint8Array[],
  shape: ForecastShape,
  firstPatch: (
    history: Float32Array,
    at: readonly [sequence: number, origin: number],
  ) => Promise<Float32Array>,
): Promise<ForecastParameters["history"]> {
  const { channels: C, contextPatches, patchBins: B } = shape;
  const K = contextPatches * B;
  const length = (K + B) * C;
  const windows = sequences.flatMap((counts, s) =>
    Array.from({ length: Math.floor(counts.length / length) }, (_, i) => ({
      counts: counts.subarray(i * length, (i + 1) * length),
      at: [s, i * (K + B) + K] as const,
    })),
  );
  const every = Math.ceil(windows.length / WINDOWS);
  const chosen = windows.filter((_, i) => i % every === 0);
  const logRates: Float32Array[] = [];
  for (const { counts, at } of chosen)
    logRates.push(await firstPatch(Float32Array.from(counts.subarray(0, K * C)), at));

  const rows = chosen.length * B;
  const P = 1 + HISTORY_BINS;
  const weight = new Float32Array(C * HISTORY_BINS);
  const offset = new Float32Array(C);
  for (let c = 0; c < C; c++) {
    const features = new Float64Array(rows * P);
    const offsets = new Float64Array(rows);
    const counts = new Float64Array(rows);
    chosen.forEach(({ counts: window }, w) => {
      for (let b = 0; b < B; b++) {
        const row = w * B + b;
        offsets[row] = logRates[w][b * C + c];
        counts[row] = window[(K + b) * C + c];
        features[row * P] = 1;
        for (let l = 1; l <= HISTORY_BINS; l++)
          features[row * P + l] = Math.min(COUNT_LIMIT, window[(K + b - l) * C + c]);
      }
    });
    const fitted = dampedPoissonRegression(features, counts, offsets, RIDGE);
    offset[c] = fitted[0];
    weight.set(fitted.subarray(1), c * HISTORY_BINS);
  }
  return { weight: tensor([C, HISTORY_BINS], weight), offset: tensor([C], offset) };
}

/** The direct head alone as `firstPatch`, compiled for one window. */
export async function directFirstPatch(
  autoencoder: ForecastAutoencoder<Tensor>,
  shape: ForecastShape,
  compute: CompileOptions,
) {
  const { channels: C, contextPatches, patchBins: B } = shape;
  const program = await compile(
    (p: ForecastAutoencoder<JaxArray>, counts: JaxArray) => {
      const last = np.split(encodeFeatures(p, counts, shape).features, [contextPatches - 1], 1)[1];
      return np.split(forecastDirectly(p, last, shape).reshape([shape.futurePatches * B, C]), [B], 0)[0];
    },
    [autoencoder, zeros([1, contextPatches * B, C])],
    compute,
  );
  return {
    firstPatch: async (history: Float32Array) =>
      (await program.run(autoencoder, tensor([1, contextPatches * B, C], history))).data as Float32Array,
    dispose: () => program.dispose(),
  };
}

/** The factor that a channel's own counts put on its rate: `recent[l]` is its count l + 1 bins ago. */
export function historyGain(
  { weight, offset }: ForecastParameters["history"],
  channel: number,
  recent: (lag: number) => number,
): number {
  let sum = offset.data[channel];
  for (let l = 0; l < HISTORY_BINS; l++)
    sum += weight.data[channel * HISTORY_BINS + l] * Math.min(COUNT_LIMIT, recent(l + 1));
  return Math.exp(Math.max(-3, Math.min(3, sum)));
}
