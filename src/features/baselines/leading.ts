/** The greatest eigenvalues of a symmetric matrix and their vectors, by subspace iteration (Rutishauser 1970, https://doi.org/10.1007/BF02219773). */
import { dot } from "../../math/linear.ts";
import { symmetricEigen } from "../../math/principal.ts";
import { Random } from "../../math/random.ts";

const SPARE = 16;
const ROUNDS = 80;

/** The `count` greatest, descending, of a positive semidefinite `matrix [n, n]`; all of a small one. */
export function leadingEigen(matrix: Float64Array, n: number, count: number) {
  const m = Math.min(n, count + SPARE);
  if (2 * m > n) return symmetricEigen(matrix, n);
  // Rows are the vectors; the start is the same every time.
  const random = Random.of(0, "leading eigenvectors");
  let basis: Float64Array[] = Array.from({ length: m }, () => Float64Array.from(random.normals(n)));
  for (let round = 0; round < ROUNDS; round++) basis = orthonormal(basis.map((row) => times(matrix, n, row)));
  const images = basis.map((row) => times(matrix, n, row));
  const small = Float64Array.from({ length: m * m }, (_, i) => dot(basis[Math.floor(i / m)], images[i % m]));
  const { values, vectors } = symmetricEigen(small, m);
  return {
    values: values.slice(0, count),
    vectors: vectors.slice(0, count).map((mix) => {
      const out = new Float64Array(n);
      for (let k = 0; k < m; k++) for (let d = 0; d < n; d++) out[d] += mix[k] * basis[k][d];
      return out;
    }),
  };
}

function times(matrix: Float64Array, n: number, row: Float64Array): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j] * row[j];
    out[i] = sum;
  }
  return out;
}

/** Gram and Schmidt, twice, so that rounding leaves nothing over. */
function orthonormal(rows: Float64Array[]): Float64Array[] {
  for (const [k, row] of rows.entries()) {
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < k; j++) {
        const along = dot(row, rows[j]);
        for (let d = 0; d < row.length; d++) row[d] -= along * rows[j][d];
      }
    const norm = Math.sqrt(dot(row, row)) || 1;
    for (let d = 0; d < row.length; d++) row[d] /= norm;
  }
  return rows;
}
