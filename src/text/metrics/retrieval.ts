/** How well vectors find their own among others: by cosine, one in so many. */
import type { Random } from "../../math/random.ts";

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

/** Rows of a matrix `[n, width]`. */
export function rowOf(matrix: Float32Array, width: number, row: number): Float32Array {
  return matrix.subarray(row * width, (row + 1) * width);
}

/**
 * The share of `queries` whose own row of `keys` is nearer than the others of a draw: row n of queries belongs to row n of keys. A tie
 * counts its share.
 * @param queries `[N, width]`
 * @param keys `[N, width]`
 */
export function nearestShare(
  queries: Float32Array,
  keys: Float32Array,
  { width, ways, random }: { width: number; ways: number; random: Random },
): number {
  const N = queries.length / width;
  if (N < ways) throw new RangeError(`nearestShare: expected at least ${ways} rows, got ${N}`);
  let right = 0;
  for (let n = 0; n < N; n++) {
    const query = rowOf(queries, width, n);
    const own = cosine(query, rowOf(keys, width, n));
    const others = random
      .permutation(N)
      .filter((other) => other !== n)
      .slice(0, ways - 1)
      .map((other) => cosine(query, rowOf(keys, width, other)));
    if (others.some((value) => value > own)) continue;
    right += 1 / (1 + others.filter((value) => value === own).length);
  }
  return right / N;
}
