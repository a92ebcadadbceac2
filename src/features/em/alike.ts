/** Which rows of a dictionary say the same. */

export interface PaddedRows {
  /** `[rows, length]`, of which the first `width` are used. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly width: number;
  readonly length: number;
}

/** Cosines between all rows, `[rows, rows]`; 0 with a row of zeros. */
export function selfCosines({ values, rows, width, length }: PaddedRows): Float32Array {
  const norms = Float64Array.from({ length: rows }, (_, k) => {
    let sum = 0;
    for (let d = 0; d < width; d++) sum += values[k * length + d] ** 2;
    return Math.sqrt(sum) || 1;
  });
  const out = new Float32Array(rows * rows);
  for (let k = 0; k < rows; k++)
    for (let j = 0; j <= k; j++) {
      let dot = 0;
      for (let d = 0; d < width; d++) dot += values[k * length + d] * values[j * length + d];
      out[k * rows + j] = out[j * rows + k] = dot / (norms[k] * norms[j]);
    }
  return out;
}

/** Of each pair of rows with a cosine above `alike`, the one that is used less. */
export function redundantRows(rows: PaddedRows, alike: number, use: ArrayLike<number>): Set<number> {
  const cosines = selfCosines(rows);
  const found = new Set<number>();
  for (let k = 1; k < rows.rows; k++)
    for (let j = 0; j < k && !found.has(k); j++)
      if (!found.has(j) && cosines[k * rows.rows + j] > alike) found.add(use[k] <= use[j] ? k : j);
  return found;
}
