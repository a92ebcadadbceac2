/**
 * Bits per spike: the Poisson log likelihood of the counts under the forecast less that under a constant rate, over
 * ln 2 and the number of spikes (Pillow et al. 2008, https://doi.org/10.1038/nature07140; Neural Latents Benchmark,
 * https://arxiv.org/abs/2109.04463). Rates are averaged over samples before the logarithm; all channels count by their
 * spikes.
 */
import type { Forecast, WindowBatch } from "../windows/forecaster.ts";

/** Rates below this are held here, as in the Neural Latents Benchmark: one bin of rate 0 would cost infinitely many bits. */
const LEAST_RATE = 1e-9;

/** Expected counts `[N, F, C]`: the rates averaged over samples. */
export function meanRates({ samples, rates }: Forecast, size: number): Float64Array {
  const step = rates.length / size / samples;
  const out = new Float64Array(size * step);
  for (let n = 0; n < size; n++)
    for (let s = 0; s < samples; s++)
      for (let i = 0; i < step; i++) out[n * step + i] += rates[(n * samples + s) * step + i] / samples;
  return out;
}

export interface BitSums {
  /** `[F]` log likelihood over the null (nats). */
  readonly gain: Float64Array;
  /** `[F]` what that would be on average were the forecast rates the true ones (nats). */
  readonly selfGain: Float64Array;
  /** `[F]` */
  readonly spikes: Float64Array;
  /** Of the whole window under the mixture of samples, over the null (nats). */
  readonly mixture: number;
  /** Sums for the slope of counts on rates about the null. */
  readonly rateCount: number;
  readonly rateRate: number;
}

/** A batch of windows and what was forecast of them. */
export interface ForecastBatch {
  readonly batch: WindowBatch;
  readonly forecast: Forecast;
  /** `[N, F, C]` `meanRates` of the forecast. */
  readonly mean: Float64Array;
}

/** The sums of window `n`. `nullRates` `[C]`, `channels` the ones that are scored. */
export function bitSums(
  { forecast, batch, mean }: ForecastBatch,
  n: number,
  nullRates: Float32Array,
  channels: readonly number[],
): BitSums {
  const width = nullRates.length;
  const size = mean.length / batch.size;
  const bins = size / width;
  const [gain, selfGain, spikes] = [0, 1, 2].map(() => new Float64Array(bins));
  const logs = new Float64Array(forecast.samples);
  let [rateCount, rateRate] = [0, 0];
  for (let f = 0; f < bins; f++)
    for (const c of channels) {
      const at = f * width + c;
      const count = batch.future[n * size + at];
      const rate = Math.max(mean[n * size + at], LEAST_RATE);
      const base = Math.max(nullRates[c], LEAST_RATE);
      const log = Math.log(rate / base);
      gain[f] += count * log - rate + base;
      selfGain[f] += rate * log - rate + base;
      spikes[f] += count;
      rateCount += (rate - base) * (count - base);
      rateRate += (rate - base) ** 2;
      for (let s = 0; s < logs.length; s++) {
        const sampled = Math.max(forecast.rates[(n * logs.length + s) * size + at], LEAST_RATE);
        logs[s] += (count === 0 ? 0 : count * Math.log(sampled / base)) - sampled + base;
      }
    }
  return { gain, selfGain, spikes, mixture: logMeanExp(logs), rateCount, rateRate };
}

export function logMeanExp(values: Float64Array): number {
  const top = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0) / values.length);
}

/**
 * Log likelihood (nats) of `spikes` `[P, C]` under the channels' own means over `bins` bins per patch, less that under
 * `nullRates`: what the forecaster's gain loses when the null is the mean of the scored windows. `[P]`
 */
export function evalMeanGain(
  spikes: Float64Array,
  bins: number,
  nullRates: Float32Array,
  channels: readonly number[],
): Float64Array {
  const width = nullRates.length;
  const patches = spikes.length / width;
  const out = new Float64Array(patches);
  for (const c of channels) {
    let total = 0;
    for (let p = 0; p < patches; p++) total += spikes[p * width + c];
    const own = Math.max(total / (patches * bins), LEAST_RATE);
    const base = Math.max(nullRates[c], LEAST_RATE);
    for (let p = 0; p < patches; p++)
      out[p] += spikes[p * width + c] * Math.log(own / base) - bins * (own - base);
  }
  return out;
}
