/** Roots of counts, which have about the same noise whatever their mean: Anscombe 1948, https://doi.org/10.1093/biomet/35.3-4.246 */

/** What windows become before a linear encoder: Anscombe's root of counts, 2 sqrt(y + 3/8) less its value at 0, or themselves. */
export type Transform = "root" | "none";

const SHIFT = 3 / 8;
const AT_ZERO = 2 * Math.sqrt(SHIFT);

/** Writes t(x) over `values`. */
export function transformInPlace(values: Float32Array, transform: Transform): void {
  if (transform === "root")
    for (let i = 0; i < values.length; i++)
      if (values[i] !== 0) values[i] = 2 * Math.sqrt(values[i] + SHIFT) - AT_ZERO;
}

/** A row of a decoder of t(x), as what it adds to counts that would otherwise be zero: the inverse of the root, sign kept. */
export function asCounts(row: number, transform: Transform): number {
  if (transform === "none") return row;
  return Math.sign(row) * (((Math.abs(row) + AT_ZERO) / 2) ** 2 - SHIFT);
}
