/** Principal axes of a cloud of points, by Jacobi rotations of its covariance. */
import { columnMoments } from "./rows.ts";

/** Eigenvalues (descending) and eigenvectors (rows) of a symmetric matrix `[n, n]`. Cyclic Jacobi; changes nothing. */
export function symmetricEigen(matrix: ArrayLike<number>, n: number) {
  const a = Float64Array.from(matrix);
  const v = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p * n + q] ** 2;
    if (off < 1e-22) break;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        if (a[p * n + q] === 0) continue;
        const theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const angle = { c, s: t * c };
        for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q, angle);
        for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k, angle);
        for (let k = 0; k < n; k++) turn(v, k * n + p, k * n + q, angle);
      }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j] - a[i * n + i]);
  return {
    values: order.map((i) => a[i * n + i]),
    vectors: order.map((i) => Float64Array.from({ length: n }, (_, k) => v[k * n + i])),
  };
}

/** Turns the pair of numbers at `i` and `j` by the angle of cosine `c` and sine `s`. */
function turn(m: Float64Array, i: number, j: number, { c, s }: { readonly c: number; readonly s: number }) {
  const [x, y] = [m[i], m[j]];
  m[i] = c * x - s * y;
  m[j] = s * x + c * y;
}

/** The mean, first `count` axes, and share of variance on each, of `points [N, width]`. */
export function principalAxes(points: Float32Array, width: number, count: number) {
  const { mean } = columnMoments(points, width);
  const covariance = new Float64Array(width * width);
  const N = points.length / width;
  for (let n = 0; n < N; n++)
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++)
        covariance[i * width + j] +=
          ((points[n * width + i] - mean[i]) * (points[n * width + j] - mean[j])) / N;
  const { values, vectors } = symmetricEigen(covariance, width);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0) || 1;
  return {
    mean,
    axes: vectors.slice(0, count),
    explained: values.slice(0, count).map((value) => value / total),
  };
}

/** Coordinates `[count]` of one point on the axes. */
export function project(
  point: ArrayLike<number>,
  mean: ArrayLike<number>,
  axes: readonly Float64Array[],
): number[] {
  return axes.map((axis) => axis.reduce((sum, a, i) => sum + a * (point[i] - mean[i]), 0));
}
