/**
 * Does sampled activity look like real activity? The measures of latent diffusion for neural spiking data (Kapoor et al.
 * 2024, https://arxiv.org/abs/2407.08751): the histogram of the population count per bin, pairwise correlations of bin
 * counts, and mean and standard deviation of interspike intervals; here within windows, sampled and real ones alike.
 */
import type { GenerativeScores } from "./types.ts";

/** Statistics of windows of counts `[F, C]`, as they arrive. */
export class Activity {
  windows = 0;
  /** Bins with 0, 1, 2, ... spikes over all channels. */
  private readonly population: number[] = [];
  private bins = 0;
  private readonly sums: Float64Array;
  private readonly products: Float64Array;
  /** Per channel: number, sum and sum of squares of intervals (s). */
  private readonly intervals: Float64Array;

  constructor(
    readonly channels: readonly number[],
    private readonly width: number,
    private readonly binSeconds: number,
  ) {
    this.sums = new Float64Array(channels.length);
    this.products = new Float64Array(channels.length ** 2);
    this.intervals = new Float64Array(3 * channels.length);
  }

  add(counts: ArrayLike<number>): void {
    const size = this.channels.length;
    const last = new Float64Array(size).fill(Number.NaN);
    this.windows++;
    for (let f = 0; f < counts.length / this.width; f++) {
      const active: number[] = [];
      const at = (i: number) => counts[f * this.width + this.channels[i]];
      let total = 0;
      for (let i = 0; i < size; i++) if (at(i) > 0) active.push(i);
      for (const i of active) {
        const count = at(i);
        total += count;
        this.sums[i] += count;
        for (const j of active) this.products[i * size + j] += count * at(j);
        // The spikes of one bin are taken as spread evenly over it.
        for (let k = 0; k < count; k++) {
          const time = (f + (k + 0.5) / count) * this.binSeconds;
          if (!Number.isNaN(last[i])) {
            this.intervals[3 * i]++;
            this.intervals[3 * i + 1] += time - last[i];
            this.intervals[3 * i + 2] += (time - last[i]) ** 2;
          }
          last[i] = time;
        }
      }
      this.population[total] = (this.population[total] ?? 0) + 1;
      this.bins++;
    }
  }

  /** Share of bins with 0 .. `length - 1` spikes, half a bin added to each so that none is impossible. */
  populationShares(length: number): number[] {
    return Array.from({ length }, (_, k) => ((this.population[k] ?? 0) + 0.5) / (this.bins + 0.5 * length));
  }

  get populationRange(): number {
    return this.population.length;
  }

  /** Correlation of two of the channels' bin counts; NaN where one is constant. */
  correlation(i: number, j: number): number {
    const size = this.channels.length;
    const covariance = (a: number, b: number) =>
      this.products[a * size + b] / this.bins - (this.sums[a] / this.bins) * (this.sums[b] / this.bins);
    return covariance(i, j) / Math.sqrt(covariance(i, i) * covariance(j, j));
  }

  /** Mean and standard deviation of a channel's intervals (s); null below `least` of them. */
  interval(i: number, least = 10): { mean: number; deviation: number } | null {
    const [n, sum, squares] = this.intervals.subarray(3 * i, 3 * i + 3);
    if (n < least) return null;
    const mean = sum / n;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / n - mean * mean)) };
  }
}

type Measure = Exclude<keyof GenerativeScores, "windows">;

/** How far `sampled` is from `real`. */
export function distances(real: Activity, sampled: Activity): Record<Measure, number | null> {
  const length = Math.max(real.populationRange, sampled.populationRange);
  const [p, q] = [real.populationShares(length), sampled.populationShares(length)];
  const size = real.channels.length;
  const [correlations, means, deviations]: number[][] = [[], [], []];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const error = real.correlation(i, j) - sampled.correlation(i, j);
      if (Number.isFinite(error)) correlations.push(error);
    }
    const [a, b] = [real.interval(i), sampled.interval(i)];
    if (a && b) {
      means.push(a.mean - b.mean);
      deviations.push(a.deviation - b.deviation);
    }
  }
  return {
    populationKl: p.reduce((sum, share, k) => sum + share * Math.log(share / q[k]), 0),
    correlationRmse: rootMeanSquare(correlations),
    isiMeanRmse: rootMeanSquare(means),
    isiDeviationRmse: rootMeanSquare(deviations),
  };
}

/** Each distance with that between two halves of the real windows (null when a half is empty). */
export function generativeScores(
  real: Activity,
  halves: readonly [Activity, Activity],
  sampled: Activity,
): GenerativeScores {
  const values = distances(real, sampled);
  const floors = halves.every(({ windows }) => windows > 0) ? distances(...halves) : null;
  const beside = (key: Measure) => ({ value: values[key], floor: floors?.[key] ?? null });
  return {
    populationKl: beside("populationKl"),
    correlationRmse: beside("correlationRmse"),
    isiMeanRmse: beside("isiMeanRmse"),
    isiDeviationRmse: beside("isiDeviationRmse"),
    windows: sampled.windows,
  };
}

function rootMeanSquare(errors: readonly number[]): number | null {
  if (errors.length === 0) return null;
  return Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
}
