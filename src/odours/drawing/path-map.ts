/** Where the cells of the path from receptors to output neurons lie: as the file says, or class by class where it says nothing. */
import { labelsNamed, type Wiring } from "../../wiring/contract.ts";
import { selectCells } from "../../wiring/select.ts";
import type { CircuitWords } from "../circuit.ts";

export interface PathCell {
  /** Its type: a compartment, for output neurons and dopamine cells. */
  readonly type: string;
  /** In um, seen from the front (x to the right, y downwards); absent where the file has none. */
  readonly placeUm?: readonly [number, number];
}

export interface PathClass {
  readonly name: string;
  readonly cells: readonly PathCell[];
}

/** In the order of the path. */
export function pathMap(wiring: Wiring, words: CircuitWords): PathClass[] {
  const types = labelsNamed(wiring, "type");
  const { positionsUm } = wiring;
  const { receptors, projections, senders, receivers, modulators } = words;
  const classes = {
    ...{ receptors, "projection neurons": projections, "Kenyon cells": senders },
    ...{ "output neurons": receivers, "dopamine cells": modulators },
  };
  return Object.entries(classes).map(([name, group]) => ({
    name,
    cells: Array.from(selectCells(wiring, group), (cell): PathCell => {
      const place = positionsUm?.slice(3 * cell, 3 * cell + 2);
      return {
        type: types ? types.values[types.of[cell]] : "",
        ...(place && Number.isFinite(place[0]) && { placeUm: [place[0], place[1]] as const }),
      };
    }),
  }));
}
