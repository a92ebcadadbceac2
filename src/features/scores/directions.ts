/** How alike two dictionaries are: cosines of their rows, the best pairing, and what is made of them. */
import { bestPairs } from "./assignment.ts";

/** Rows `[rows, width]` in a flat array. */
export interface Rows {
  readonly values: Float32Array;
  readonly rows: number;
  readonly width: number;
}

/** Absolute cosines between the rows of `a` and `b`, `[a.rows, b.rows]`; 0 with a row of zeros. */
export function cosines(a: Rows, b: Rows): Float64Array {
  const [left, right] = [a, b].map(unitRows);
  const out = new Float64Array(a.rows * b.rows);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.rows; j++) {
      let dot = 0;
      for (let d = 0; d < a.width; d++) dot += left[i * a.width + d] * right[j * a.width + d];
      out[i * b.rows + j] = Math.abs(dot);
    }
  return out;
}

/** Rows of length 1. */
export function unitRows({ values, rows, width }: Rows): Float64Array {
  const out = Float64Array.from(values);
  for (let k = 0; k < rows; k++) {
    let sum = 0;
    for (let d = 0; d < width; d++) sum += out[k * width + d] ** 2;
    const norm = Math.sqrt(sum) || 1;
    for (let d = 0; d < width; d++) out[k * width + d] /= norm;
  }
  return out;
}

export interface Matched {
  /** Of each true row the row it is paired with, or -1. */
  readonly pairs: Int32Array;
  /** Of each true row the cosine with its pair; 0 without one. */
  readonly cosine: Float64Array;
}

/** Pairs the rows of `truth` with those of `found`, so that the sum of cosines is greatest. */
export function matchRows(truth: Rows, found: Rows): Matched {
  const all = cosines(truth, found);
  const pairs = bestPairs(all, truth.rows, found.rows);
  return {
    pairs,
    cosine: Float64Array.from(pairs, (j, i) => (j < 0 ? 0 : all[i * found.rows + j])),
  };
}
