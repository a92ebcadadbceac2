/**
 * How well codes tell when features are there. Codes are put into bins of their own distribution, so that the F1 of every pair of a
 * feature and a code at every threshold costs one pass over the windows where the feature is there.
 */
import { bestPairs } from "./assignment.ts";

/** Codes and truths of the same windows. */
export interface Coded {
  readonly windows: number;
  /** Codes `[windows, J]`, 0: not there. */
  readonly codes: Float32Array;
  readonly J: number;
  /** By true feature, the windows in which it is there, ascending. */
  readonly truth: readonly Uint32Array[];
}

const BINS = 64;

/** Thresholds, `[J, BINS]` ascending: quantiles of what each code is where it is above 0, the first 0 itself. */
function thresholdsOf({ codes, J, windows }: Coded): Float32Array {
  const out = new Float32Array(J * BINS);
  const values = new Float32Array(windows);
  for (let j = 0; j < J; j++) {
    let count = 0;
    for (let n = 0; n < windows; n++) if (codes[n * J + j] > 0) values[count++] = codes[n * J + j];
    const sorted = values.slice(0, count).sort();
    for (let b = 1; b < BINS; b++)
      out[j * BINS + b] = count > 0 ? sorted[Math.min(count - 1, Math.floor((b * count) / BINS))] : 0;
  }
  return out;
}

/** In how many windows each code is above each threshold, `[J, BINS]`: of all windows, or of those in `where`. */
function above(coded: Coded, thresholds: Float32Array, where?: Uint32Array): Uint32Array {
  const { codes, J, windows } = coded;
  const out = new Uint32Array(J * BINS);
  const total = where?.length ?? windows;
  for (let i = 0; i < total; i++) {
    const n = where ? where[i] : i;
    for (let j = 0; j < J; j++) {
      const code = codes[n * J + j];
      if (!(code > 0)) continue;
      let [low, high] = [0, BINS];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (thresholds[j * BINS + middle] < code) low = middle;
        else high = middle;
      }
      out[j * BINS + low]++;
    }
  }
  for (let j = 0; j < J; j++) for (let b = BINS - 2; b >= 0; b--) out[j * BINS + b] += out[j * BINS + b + 1];
  return out;
}

export const f1Of = (hits: number, said: number, there: number): number =>
  said + there > 0 ? (2 * hits) / (said + there) : 0;

export interface Detection {
  /** Of each true feature: the code paired with it (-1: none), and F1 on the windows scored, with a tuned threshold and with 0. */
  readonly pairs: Int32Array;
  readonly f1: Float64Array;
  readonly f1Native: Float64Array;
}

export interface DetectionOptions {
  /** Thresholds are tuned (and, without `pairs`, codes are paired) on these, and scored on `scored`. Soft codes, native ones beside them. */
  readonly tuning: Coded;
  readonly scored: Coded;
  readonly native: Coded;
  /** Code of each feature; without, the pairing with the greatest sum of F1 on `tuning`. */
  readonly pairs?: Int32Array;
}

export function detect({ tuning, scored, native, pairs: given }: DetectionOptions): Detection {
  const K = tuning.truth.length;
  const { J } = tuning;
  const thresholds = thresholdsOf(tuning);
  const said = above(tuning, thresholds);
  const best = new Float64Array(K * J);
  const at = new Uint8Array(K * J);
  for (let k = 0; k < K; k++) {
    const hits = above(tuning, thresholds, tuning.truth[k]);
    for (let j = 0; j < J; j++)
      for (let b = 0; b < BINS; b++) {
        const f1 = f1Of(hits[j * BINS + b], said[j * BINS + b], tuning.truth[k].length);
        if (f1 > best[k * J + j]) {
          best[k * J + j] = f1;
          at[k * J + j] = b;
        }
      }
  }
  const pairs = given ?? bestPairs(best, K, J);
  const score = (coded: Coded, k: number, j: number, threshold: number) => {
    if (j < 0) return 0;
    let there = 0;
    for (let n = 0; n < coded.windows; n++) if (coded.codes[n * J + j] > threshold) there++;
    const hits = coded.truth[k].reduce((sum, n) => sum + (coded.codes[n * J + j] > threshold ? 1 : 0), 0);
    return f1Of(hits, there, coded.truth[k].length);
  };
  return {
    pairs,
    f1: Float64Array.from(pairs, (j, k) =>
      j < 0 ? 0 : score(scored, k, j, thresholds[j * BINS + at[k * J + j]]),
    ),
    f1Native: Float64Array.from(pairs, (j, k) => score(native, k, j, 0)),
  };
}

/** Windows `[from, to)` in which each of K features is there, counted from `from`; `amplitudes [N, K]`. */
export function presence(amplitudes: Float32Array, K: number, from: number, to: number): Uint32Array[] {
  return Array.from({ length: K }, (_, k) => {
    const windows: number[] = [];
    for (let n = from; n < to; n++) if (amplitudes[n * K + k] > 0) windows.push(n - from);
    return Uint32Array.from(windows);
  });
}
