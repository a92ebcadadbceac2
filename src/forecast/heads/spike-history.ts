/**
 * The spike-history head: what a channel's own last bins predict of its next one beyond the emulator's rate. A Poisson
 * regression per channel on top of the rates that were forecast for a bin before it was observed (so that no bin explains
 * itself):
 * log rate = log forecast + offset + sum over l of weight[l] * min(count[t - l], 3).
 * Kapoor et al. 2024 use such a head on diffusion samples of rates, https://arxiv.org/abs/2407.08751.
 */
import { type Tensor, tensor } from "../../compute/index.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import { dampedPoissonRegression } from "./poisson-regression.ts";

/**
 * How counts are drawn: `[C, L]` weights of each channel's own last L bins, `[C]` offsets; for each future patch, `[P]` the
 * variance of the factor that all channels share (finishing/spread-fit.ts); `[2, P]` factors on deviations (rollout/widths.ts).
 */
export type SpikeHistory = { weight: Tensor; offset: Tensor; spread?: Tensor; width?: Tensor };

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
): Promise<SpikeHistory> {
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
    const fitted = dampedPoissonRegression({ features, counts, offset: offsets }, RIDGE);
    offset[c] = fitted[0];
    weight.set(fitted.subarray(1), c * HISTORY_BINS);
  }
  return { weight: tensor([C, HISTORY_BINS], weight), offset: tensor([C], offset) };
}

/** The factor that a channel's own counts put on its rate: `recent[l]` is its count l + 1 bins ago. */
export function historyGain(
  { weight, offset }: SpikeHistory,
  channel: number,
  recent: (lag: number) => number,
): number {
  let sum = offset.data[channel];
  for (let l = 0; l < HISTORY_BINS; l++)
    sum += weight.data[channel * HISTORY_BINS + l] * Math.min(COUNT_LIMIT, recent(l + 1));
  return Math.exp(Math.max(-3, Math.min(3, sum)));
}
