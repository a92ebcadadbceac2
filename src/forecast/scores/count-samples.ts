/**
 * Sampled spike counts of a forecast. Where the forecaster gives none they are Poisson given the rates: one draw for each
 * sample of the rates, or, where it gives one expectation only, as many Poisson draws as asked for.
 */
import { drawPoisson } from "../../math/poisson.ts";
import type { Random } from "../../math/random.ts";
import type { Forecast } from "../windows/forecaster.ts";

/** How many samples of the counts a forecast gives. */
export function countSamples(forecast: Forecast, wanted: number): number {
  return forecast.samples > 1 ? forecast.samples : wanted;
}

/** Size of one window of sampled counts. */
export interface CountShape {
  /** F */
  readonly bins: number;
  /** C */
  readonly channels: number;
  readonly patchBins: number;
  /** S */
  readonly samples: number;
}

/** Counts per patch of window `n`: `[S, P, C]`. Poisson counts add up to Poisson counts, so patches are drawn whole. */
export function samplePatches(
  forecast: Forecast,
  n: number,
  { bins, channels, patchBins, samples }: CountShape,
  random: Random,
): Float64Array {
  const patches = bins / patchBins;
  const out = new Float64Array(samples * patches * channels);
  const given = forecast.samples > 1 ? forecast.counts : undefined;
  const source = given ?? forecast.rates;
  for (let s = 0; s < samples; s++) {
    const from = (n * forecast.samples + (s % forecast.samples)) * bins * channels;
    for (let f = 0; f < bins; f++) {
      const to = (s * patches + Math.floor(f / patchBins)) * channels;
      for (let c = 0; c < channels; c++) out[to + c] += source[from + f * channels + c];
    }
  }
  if (!given) for (let i = 0; i < out.length; i++) out[i] = drawPoisson(random, out[i]);
  return out;
}

/** Counts per bin of the first sample of window `n`: `[F, C]`, `size` = F * C. */
export function sampleBins(forecast: Forecast, n: number, size: number, random: Random): Float64Array {
  const from = n * forecast.samples * size;
  if (forecast.counts) return Float64Array.from(forecast.counts.subarray(from, from + size));
  return Float64Array.from(forecast.rates.subarray(from, from + size), (rate) => drawPoisson(random, rate));
}

/** `[P, C]` counts per patch of `counts` `[F, C]`. */
export function patchSums(counts: ArrayLike<number>, channels: number, patchBins: number): Float64Array {
  const out = new Float64Array(counts.length / patchBins);
  for (let i = 0; i < counts.length; i++) {
    const patch = Math.floor(i / channels / patchBins);
    out[patch * channels + (i % channels)] += counts[i];
  }
  return out;
}
