/** Electrodes by a random projection: those on which what is to be said is largest. */

/**
 * Rows of `projection [E, D]`, the `count` on which `vector [D]` is largest, out of those that `isFree`; the first of equal ones.
 */
export function largestOn(
  projection: ArrayLike<number>,
  vector: ArrayLike<number>,
  count: number,
  isFree: (row: number) => boolean = () => true,
): number[] {
  const D = vector.length;
  const drive = Array.from({ length: projection.length / D }, (_, e) => {
    let sum = 0;
    for (let d = 0; d < D; d++) sum += projection[e * D + d] * vector[d];
    return sum;
  });
  return [...drive.keys()]
    .filter(isFree)
    .sort((a, b) => drive[b] - drive[a] || a - b)
    .slice(0, count);
}
