/**
 * Cells in the order of Hilbert's curve, on which neighbours in the plane, or in space, stay near each other. Hilbert 1891,
 * https://doi.org/10.1007/BF01199431
 */
import { MOST_NEURONS, type Places } from "../anatomy.ts";

/** The curve visits 2^15 x 2^15 squares, or 2^10 x 2^10 x 2^10 cubes. */
const LEVELS = 15;
const LEVELS_IN_SPACE = 10;

/** The cells at `places` along the curve, through space where they have heights; of those in one square or cube, the lower number first. */
export function alongCurve({ positionsMm, heightsMm }: Places): Uint32Array {
  const N = positionsMm.length / 2;
  const axes = heightsMm === undefined ? [0, 1] : [0, 1, 2];
  const at = (axis: number, i: number) => (axis < 2 ? positionsMm[2 * i + axis] : heightsMm![i]);
  let side = 0;
  const least = axes.map((axis) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < N; i++) {
      low = Math.min(low, at(axis, i));
      high = Math.max(high, at(axis, i));
    }
    side = Math.max(side, high - low);
    return low;
  });
  const squares = 2 ** (heightsMm === undefined ? LEVELS : LEVELS_IN_SPACE) - 1;
  const scale = side > 0 ? squares / side : 0;
  const square = (axis: number, i: number) => Math.floor((at(axis, i) - least[axis]) * scale);
  /** Place on the curve times the most cells there can be, plus the cell: sorted as numbers. */
  const keys = Float64Array.from({ length: N }, (_, i) => {
    const place =
      heightsMm === undefined
        ? placeOf(square(0, i), square(1, i))
        : placeInSpace([square(0, i), square(1, i), square(2, i)]);
    return place * MOST_NEURONS + i;
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

/**
 * Of the cube in these columns, counted along the curve: below 2^30. Skilling 2004, "Programming the Hilbert curve",
 * https://doi.org/10.1063/1.1751381
 */
function placeInSpace(columns: number[]): number {
  const half = 2 ** (LEVELS_IN_SPACE - 1);
  for (let bit = half; bit > 1; bit >>= 1)
    for (let axis = 0; axis < 3; axis++)
      if (columns[axis] & bit) columns[0] ^= bit - 1;
      else {
        const swapped = (columns[0] ^ columns[axis]) & (bit - 1);
        columns[0] ^= swapped;
        columns[axis] ^= swapped;
      }
  columns[1] ^= columns[0];
  columns[2] ^= columns[1];
  let turned = 0;
  for (let bit = half; bit > 1; bit >>= 1) if (columns[2] & bit) turned ^= bit - 1;
  let place = 0;
  for (let bit = half; bit > 0; bit >>= 1)
    for (const column of columns) place = 2 * place + (((column ^ turned) & bit) === 0 ? 0 : 1);
  return place;
}
