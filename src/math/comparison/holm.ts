/**
 * p values corrected for their number, in the order given: rejecting those below a level is wrong about any of them no more
 * often than that level, however they depend on each other. Holm 1979, "A simple sequentially rejective multiple test
 * procedure", https://www.jstor.org/stable/4615733
 */
export function holm(p: readonly number[]): number[] {
  const order = [...p.keys()].sort((i, j) => p[i] - p[j]);
  const corrected = new Array<number>(p.length);
  let least = 0;
  order.forEach((i, rank) => {
    least = Math.max(least, Math.min(1, (p.length - rank) * p[i]));
    corrected[i] = least;
  });
  return corrected;
}
