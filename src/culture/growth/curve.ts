/**
 * Cells in the order of Hilbert's curve, on which neighbours in the plane stay near each other. Hilbert 1891,
 * https://doi.org/10.1007/BF01199431
 */
import { MOST_NEURONS } from "../anatomy.ts";

/** The curve visits 2^15 x 2^15 squares. */
const LEVELS = 15;

/** The cells at `positionsMm [N, 2]` along the curve; of those in one square, the lower number first. */
export function alongCurve(positionsMm: Float32Array): Uint32Array {
  const N = positionsMm.length / 2;
  let side = 0;
  let [left, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < N; i++) {
    left = Math.min(left, positionsMm[2 * i]);
    bottom = Math.min(bottom, positionsMm[2 * i + 1]);
  }
  for (let i = 0; i < N; i++)
    side = Math.max(side, positionsMm[2 * i] - left, positionsMm[2 * i + 1] - bottom);
  const scale = side > 0 ? (2 ** LEVELS - 1) / side : 0;
  /** Place on the curve times the most cells there can be, plus the cell: sorted as numbers. */
  const keys = Float64Array.from({ length: N }, (_, i) => {
    const x = Math.floor((positionsMm[2 * i] - left) * scale);
    const y = Math.floor((positionsMm[2 * i + 1] - bottom) * scale);
    return placeOf(x, y) * MOST_NEURONS + i;
  }).sort();
  return Uint32Array.from(keys, (key) => key % MOST_NEURONS);
}

/** Of the square in column x and row y, counted along the curve: below 2^30. */
function placeOf(x: number, y: number): number {
  let place = 0;
  for (let level = LEVELS - 1; level >= 0; level--) {
    const half = 2 ** level;
    const right = (x >> level) & 1;
    const upper = (y >> level) & 1;
    place += half * half * ((3 * right) ^ upper);
    if (upper === 0) {
      if (right === 1) {
        x = 2 * half - 1 - (x & (2 * half - 1));
        y = 2 * half - 1 - (y & (2 * half - 1));
      }
      [x, y] = [y, x];
    }
  }
  return place;
}
