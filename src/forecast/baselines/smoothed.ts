/**
 * The baselines that only average a channel's own past: the mean rate, the flat last window and the exponential moving
 * average. Each mixes its average with the training mean (so that a silent window never forecasts certain silence) and chooses
 * its memory and its share of the mixture by likelihood on training windows: the flat window once, the moving average
 * separately for every future bin.
 *
 * Legend: N windows, H history bins, F future bins, C channels.
 */

import { windowBatches } from "../windows/cut-windows.ts";
import type { CountSequences, Forecaster, ForecastWindow, WindowBatch } from "../windows/forecaster.ts";

const SHARES = [0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97];
export const FLAT_BINS = [5, 10, 15, 25, 50, 100];
export const DECAY_BINS = [1, 2, 4, 8, 16, 32, 64];
/** Training windows are cut this far apart. */
const STRIDE_BINS = 23;

/** Mean count per bin of every channel, never quite zero. */
export function meanRates({ sequences, channels }: CountSequences): Float32Array {
  const sums = new Float64Array(channels).fill(0.5);
  let bins = 1;
  for (const counts of sequences) {
    for (let i = 0; i < counts.length; i++) sums[i % channels] += counts[i];
    bins += counts.length / channels;
  }
  return Float32Array.from(sums, (sum) => sum / bins);
}

export function fitMean(train: CountSequences, window: ForecastWindow): Forecaster {
  const mean = meanRates(train);
  return forecaster({ name: "mean", window, mean, kernels: [], choice: () => ({ kernel: 0, share: 0 }) });
}

export function fitFlat(train: CountSequences, window: ForecastWindow): Forecaster {
  const kernels = FLAT_BINS.filter((bins) => bins <= window.historyBins).map(
    (bins) => (age: number) => (age < bins ? 1 / bins : 0),
  );
  const mean = meanRates(train);
  const gains = likelihoods(train, window, mean, kernels);
  const best = argmax(sumOverBins(gains));
  return forecaster({ name: "flat", window, mean, kernels, choice: () => best });
}

export function fitEma(train: CountSequences, window: ForecastWindow): Forecaster {
  const kernels = DECAY_BINS.map((decay) => (age: number) => Math.exp(-age / decay));
  const mean = meanRates(train);
  const best = likelihoods(train, window, mean, kernels).map(argmax);
  return forecaster({ name: "ema", window, mean, kernels, choice: (bin) => best[bin] });
}

type Kernel = (ageBins: number) => number;
type Choice = { kernel: number; share: number };

interface Smoother {
  readonly name: string;
  readonly window: ForecastWindow;
  /** `[C]` training means. */
  readonly mean: Float32Array;
  readonly kernels: readonly Kernel[];
  /** By bin of the future. */
  readonly choice: (bin: number) => Choice;
}

function forecaster({ name, window, mean, kernels, choice }: Smoother): Forecaster {
  const { futureBins: F, channels: C } = window;
  return {
    name,
    window,
    async forecast(batch) {
      const averages = kernels.map((kernel) => average(batch, window, kernel));
      const rates = new Float32Array(batch.size * F * C);
      for (let i = 0; i < rates.length; i++) {
        const c = i % C;
        const { kernel, share } = choice(Math.floor(i / C) % F);
        const n = Math.floor(i / (F * C));
        rates[i] = (1 - share) * mean[c] + (share > 0 ? share * averages[kernel][n * C + c] : 0);
      }
      return { samples: 1, rates };
    },
    async dispose() {},
  };
}

/** Weighted means of the past counts `[N, C]`; a bin's age is 0 for the last one. */
function average(
  { size, history }: WindowBatch,
  { historyBins: H, channels: C }: ForecastWindow,
  kernel: Kernel,
) {
  const weights = Float64Array.from({ length: H }, (_, h) => kernel(H - 1 - h));
  const total = weights.reduce((a, b) => a + b, 0);
  const out = new Float64Array(size * C);
  for (let i = 0; i < history.length; i++)
    out[Math.floor(i / (H * C)) * C + (i % C)] += (weights[Math.floor(i / C) % H] / total) * history[i];
  return out;
}

/** Log likelihood of every future bin under every kernel and share: `[F][kernel * shares]`. */
function likelihoods(
  train: CountSequences,
  window: ForecastWindow,
  mean: Float32Array,
  kernels: readonly Kernel[],
): Float64Array[] {
  const { futureBins: F, channels: C } = window;
  const gains = Array.from({ length: F }, () => new Float64Array(kernels.length * SHARES.length));
  for (const batch of windowBatches(train, { ...window, strideBins: STRIDE_BINS }))
    kernels.forEach((kernel, k) => {
      const averages = average(batch, window, kernel);
      SHARES.forEach((share, s) => {
        const rates = averages.map((value, i) => (1 - share) * mean[i % C] + share * value);
        const logs = rates.map(Math.log);
        for (let i = 0; i < batch.future.length; i++) {
          const at = Math.floor(i / (F * C)) * C + (i % C);
          gains[Math.floor(i / C) % F][k * SHARES.length + s] += batch.future[i] * logs[at] - rates[at];
        }
      });
    });
  return gains;
}

function sumOverBins(gains: readonly Float64Array[]): Float64Array {
  return gains.reduce((sum, gain) => sum.map((value, i) => value + gain[i]));
}

function argmax(gains: Float64Array): Choice {
  let best = 0;
  gains.forEach((gain, i) => {
    if (gain > gains[best]) best = i;
  });
  return { kernel: Math.floor(best / SHARES.length), share: SHARES[best % SHARES.length] };
}
