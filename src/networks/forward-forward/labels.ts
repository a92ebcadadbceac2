/** Labels as part of a row, and wrong ones. Legend: N rows, D inputs, K classes. */
import type { Random } from "../../math/random.ts";

/** How loud a label is beside the inputs: its one-hot entry, in root mean squares of a row. */
const LABEL_SCALE = 8;

/** `[N, K]` */
export function oneHot(labels: readonly number[], K: number): Float32Array {
  const out = new Float32Array(labels.length * K);
  labels.forEach((label, n) => {
    out[n * K + label] = 1;
  });
  return out;
}

/** Rows `[N, D]` with their labels `[N, K]` appended, `[N, D + K]`. */
export function labelled(inputs: Float32Array, labels: Float32Array, K: number): Float32Array {
  const rows = labels.length / K;
  const D = inputs.length / rows;
  const out = new Float32Array(rows * (D + K));
  for (let n = 0; n < rows; n++) {
    const row = inputs.subarray(n * D, (n + 1) * D);
    let squares = 0;
    for (const value of row) squares += value * value;
    const scale = LABEL_SCALE * Math.sqrt(squares / D + 1e-6);
    out.set(row, n * (D + K));
    for (let k = 0; k < K; k++) out[n * (D + K) + D + k] = scale * labels[n * K + k];
  }
  return out;
}

export function otherThan(label: number, K: number, random: Random): number {
  const other = random.integer(K - 1);
  return other < label ? other : other + 1;
}

/** Draws a class other than `label`, in proportion to `likely [K]`. */
export function otherByChance(likely: Float32Array, label: number, random: Random): number {
  const others = [...likely.keys()].filter((k) => k !== label);
  let left = random.uniform() * others.reduce((sum, k) => sum + likely[k], 0);
  return others.find((k) => (left -= likely[k]) <= 0) ?? others[others.length - 1];
}
