/**
 * What a window of two seconds does not hold: how active all channels together have been over the last seconds to tens of
 * seconds, as exponentially weighted means of their counts. Cultures burst with pauses of many seconds, and how long ago
 * the last burst was says when the next one is due.
 *
 * Legend: T bins, C channels, K means.
 */

/** Bins after which a count weighs 1/e: 1, 3, 8 and 20 s of 20-ms bins. */
export const SLOW_BINS = [50, 150, 400, 1000] as const;
const KEEP = SLOW_BINS.map((bins) => Math.exp(-1 / bins));
/** What was recorded before a sequence is looked at this far back. */
const SLOW_REACH = 3 * SLOW_BINS.at(-1)!;
/** Added to a mean before its logarithm, in units of the mean over the training part. */
const FLOOR = 0.05;

/** Weighted means of what has been, so that the first bins count fully. */
export class SlowMeans {
  private readonly sums = new Float64Array(SLOW_BINS.length);
  private readonly weights = new Float64Array(SLOW_BINS.length);

  /** Takes in the spikes of all channels in one bin. */
  push(spikes: number): void {
    KEEP.forEach((keep, k) => {
      this.sums[k] = keep * this.sums[k] + spikes;
      this.weights[k] = keep * this.weights[k] + 1;
    });
  }

  /** Writes the means `[K]`; zeros before the first bin. */
  write(out: Float32Array, at: number): void {
    for (let k = 0; k < SLOW_BINS.length; k++) out[at + k] = this.sums[k] / Math.max(1, this.weights[k]);
  }
}

/** Means `[T, K]` after each bin of counts `[T, C]`; `before` is what was recorded right before them. */
export function slowTrace(counts: Uint8Array, channels: number, before?: Uint8Array): Float32Array {
  const means = new SlowMeans();
  const spikesOf = (of: Uint8Array, bin: number) => {
    let sum = 0;
    for (let i = bin * channels; i < (bin + 1) * channels; i++) sum += of[i];
    return sum;
  };
  if (before) {
    const bins = before.length / channels;
    for (let bin = Math.max(0, bins - SLOW_REACH); bin < bins; bin++) means.push(spikesOf(before, bin));
  }
  const bins = counts.length / channels;
  const out = new Float32Array(bins * SLOW_BINS.length);
  for (let bin = 0; bin < bins; bin++) {
    means.push(spikesOf(counts, bin));
    means.write(out, bin * SLOW_BINS.length);
  }
  return out;
}

/** A mean as networks take it: the log of its ratio to `expected`, the mean spikes per bin of the training part. */
export function slowFeature(mean: number, expected: number): number {
  return Math.log((mean + FLOOR * expected) / ((1 + FLOOR) * expected));
}

/** Features `[N, H / every, K]` after each `every`th bin of means `[N, H, K]`. */
export function slowFeatures(slow: Float32Array, expected: number, every: number): Float32Array {
  const K = SLOW_BINS.length;
  const out = new Float32Array(slow.length / every);
  for (let i = 0; i < out.length; i++) {
    const bin = (Math.floor(i / K) + 1) * every - 1;
    out[i] = slowFeature(slow[bin * K + (i % K)], expected);
  }
  return out;
}
