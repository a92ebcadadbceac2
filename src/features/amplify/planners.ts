/**
 * Which electrodes to write to for a feature. Legend: N windows, E electrodes, K features; `u [N, E]` amplitudes that were written,
 * `z [N, K]` what the features did.
 */
import { choleskyFactor, substitute } from "../../math/linear.ts";
import { BINS } from "./rig.ts";

export interface Written {
  readonly u: Float32Array;
  readonly z: Float32Array;
  readonly E: number;
  readonly K: number;
}

const RIDGE = 1e-2;

export interface RidgeFit {
  /** `[K, E]` and `[K]`. */
  readonly weights: Float64Array;
  readonly intercept: Float64Array;
}

/** z = c + W u, all features at once. */
export function fitWrites({ u, z, E, K }: Written): RidgeFit {
  const N = u.length / E;
  const [uMean, zMean] = [columnMeans(u, E), columnMeans(z, K)];
  const gram = new Float64Array(E * E);
  const cross = Array.from({ length: K }, () => new Float64Array(E));
  for (let n = 0; n < N; n++)
    for (let i = 0; i < E; i++) {
      const x = u[n * E + i] - uMean[i];
      for (let j = 0; j < E; j++) gram[i * E + j] += x * (u[n * E + j] - uMean[j]);
      for (let k = 0; k < K; k++) cross[k][i] += x * z[n * K + k];
    }
  for (let i = 0; i < E; i++) gram[i * E + i] = gram[i * E + i] * (1 + RIDGE) + 1e-6;
  const factor = choleskyFactor(gram, E);
  const weights = new Float64Array(K * E);
  for (let k = 0; k < K; k++) weights.set(substitute(factor, cross[k]), k * E);
  const intercept = zMean.map((mean, k) => {
    let sum = mean;
    for (let i = 0; i < E; i++) sum -= weights[k * E + i] * uMean[i];
    return sum;
  });
  return { weights, intercept };
}

/** Controllability: R2 of each feature given the writes, on windows that were not fitted; `[K]`. */
export function controllability({ weights, intercept }: RidgeFit, { u, z, E, K }: Written): Float64Array {
  const N = u.length / E;
  const mean = columnMeans(z, K);
  const [left, all] = [new Float64Array(K), new Float64Array(K)];
  for (let n = 0; n < N; n++)
    for (let k = 0; k < K; k++) {
      let predicted = intercept[k];
      for (let i = 0; i < E; i++) predicted += weights[k * E + i] * u[n * E + i];
      left[k] += (z[n * K + k] - predicted) ** 2;
      all[k] += (z[n * K + k] - mean[k]) ** 2;
    }
  return left.map((sum, k) => (all[k] > 0 ? 1 - sum / all[k] : 0));
}

/** Scores of electrodes for feature k by each planner, `[E]`: the highest are written to. `sign` -1 lowers the feature. */
export function electrodeScores(
  { weights }: RidgeFit,
  written: Written,
  directions: Float32Array,
  { k, sign }: { readonly k: number; readonly sign: 1 | -1 },
): Readonly<Record<"ridge" | "selective-ridge" | "difference-of-means" | "decoder", Float64Array>> {
  const { E, K } = written;
  const row = (of: number) => weights.subarray(of * E, (of + 1) * E);
  const others = new Float64Array(E);
  for (let j = 0; j < K; j++) if (j !== k) for (let i = 0; i < E; i++) others[i] += Math.abs(row(j)[i]);
  const decoder = new Float64Array(E);
  for (let i = 0; i < E; i++) for (let b = 0; b < BINS; b++) decoder[i] += directions[(k * E + i) * BINS + b];
  const signed = (values: Float64Array) => values.map((value) => sign * value);
  return {
    ridge: signed(row(k)),
    "selective-ridge": signed(row(k)).map((value, i) => value - SELECTIVE * others[i]),
    "difference-of-means": signed(differenceOfMeans(written, k)),
    decoder: signed(decoder),
  };
}

const SELECTIVE = 0.05;
/** The share of windows in which a feature is strongest is taken against the rest. */
const STRONGEST = 0.1;

function differenceOfMeans({ u, z, E, K }: Written, k: number): Float64Array {
  const N = u.length / E;
  const values = Float64Array.from({ length: N }, (_, n) => z[n * K + k]);
  const cut = values.toSorted()[Math.floor((1 - STRONGEST) * N)];
  const [high, low] = [new Float64Array(E), new Float64Array(E)];
  let count = 0;
  for (let n = 0; n < N; n++) {
    const isHigh = values[n] > cut || (cut > 0 && values[n] === cut);
    if (isHigh) count++;
    const to = isHigh ? high : low;
    for (let i = 0; i < E; i++) to[i] += u[n * E + i];
  }
  return high.map((sum, i) => sum / Math.max(1, count) - low[i] / Math.max(1, N - count));
}

/** The `count` electrodes with the highest scores, ties by number. */
export function highest(scores: ArrayLike<number>, count: number): number[] {
  return Array.from(scores, (_, i) => i)
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, count);
}

export function columnMeans(values: Float32Array, width: number): Float64Array {
  const rows = values.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < values.length; i++) mean[i % width] += values[i] / rows;
  return mean;
}
