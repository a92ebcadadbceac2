/** Columns of cell numbers: 16 bits where they suffice, 32 where there are more cells. */

export type Indices = Uint16Array | Uint32Array;

const MOST_IN_16_BITS = 65_535;

/** A column of `length` numbers of cells, of which there are `cells`. */
export function indicesOf(cells: number, length: number): Indices {
  return cells <= MOST_IN_16_BITS ? new Uint16Array(length) : new Uint32Array(length);
}

/** Those numbers, of `cells` cells. */
export function indicesFrom(cells: number, numbers: readonly number[]): Indices {
  const column = indicesOf(cells, numbers.length);
  column.set(numbers);
  return column;
}
