/** Row-wise handling of row-major matrices kept as flat arrays. */

/** The rows of `matrix [N, width]`, as views `[width]` of it. */
export function rowsOf(matrix: Float64Array, width: number): Float64Array[] {
  return Array.from({ length: matrix.length / width }, (_, n) => matrix.subarray(n * width, (n + 1) * width));
}

/** Rows `indices` of `matrix [N, width]`, as a new array `[indices.length, width]`. */
export function gatherRows(matrix: Float32Array, width: number, indices: ArrayLike<number>): Float32Array {
  const out = new Float32Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i] * width;
    out.set(matrix.subarray(from, from + width), i * width);
  }
  return out;
}

/** Flat arrays one after the other. */
export function concatenateRows(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Mean and standard deviation (at least `floor`) of every column of `matrix [N, width]`. */
export function columnMoments(matrix: Float32Array, width: number, floor = 1e-6) {
  const rows = matrix.length / width;
  const mean = new Float64Array(width);
  const variance = new Float64Array(width);
  for (let i = 0; i < matrix.length; i++) mean[i % width] += matrix[i] / rows;
  for (let i = 0; i < matrix.length; i++) variance[i % width] += (matrix[i] - mean[i % width]) ** 2 / rows;
  return {
    mean: Float32Array.from(mean),
    deviation: Float32Array.from(variance, (v) => Math.max(floor, Math.sqrt(v))),
  };
}
