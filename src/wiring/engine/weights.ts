/** Weights that are not the counts: rows of cells whose synapses are scaled by class or learn. The others need no memory. */
import type { Connections } from "../contract.ts";

export interface RowWeights {
  /** `[cells]`: where the row of a cell begins in `valuesMv`, -1 where its counts stand. */
  readonly starts: Int32Array;
  /** One a connection of these rows, with its sign. */
  readonly valuesMv: Float64Array;
}

/** Rows of `cells` with the weights that `weightOf` gives each of their connections. */
export function rowWeights(
  { offsets }: Connections,
  cells: ArrayLike<number>,
  weightOf: (cell: number, connection: number) => number,
): RowWeights {
  const starts = new Int32Array(offsets.length - 1).fill(-1);
  let total = 0;
  for (let i = 0; i < cells.length; i++) {
    starts[cells[i]] = total;
    total += offsets[cells[i] + 1] - offsets[cells[i]];
  }
  const valuesMv = new Float64Array(total);
  for (let i = 0; i < cells.length; i++)
    for (let j = offsets[cells[i]]; j < offsets[cells[i] + 1]; j++)
      valuesMv[starts[cells[i]] + j - offsets[cells[i]]] = weightOf(cells[i], j);
  return { starts, valuesMv };
}
