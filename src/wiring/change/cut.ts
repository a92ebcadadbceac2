/** A part of a wiring: some cells, and those that many synapses join to them. */
import { type Connections, type Labels, type Layer, type Wiring, WiringError } from "../contract.ts";

export interface CutOptions {
  /** Cells that the chosen ones drive, and that drive them, with at least that many synapses, so many steps away. */
  readonly neighbours?: { readonly steps: number; readonly least: number };
}

/** The wiring among `cells` and their neighbours; cells keep their names. */
export function cutWiring(wiring: Wiring, cells: ArrayLike<number>, { neighbours }: CutOptions = {}): Wiring {
  const kept = new Uint8Array(wiring.names.length);
  for (let i = 0; i < cells.length; i++) kept[cells[i]] = 1;
  for (let step = 0; step < (neighbours?.steps ?? 0); step++) addNeighbours(wiring, kept, neighbours!.least);
  const old = Int32Array.from([...kept.keys()].filter((cell) => kept[cell] === 1));
  if (old.length === 0) throw new WiringError("cut: expected at least one cell, got none");
  const place = new Int32Array(wiring.names.length).fill(-1);
  old.forEach((cell, i) => {
    place[cell] = i;
  });
  const { names, signs, layers, labels, positionsUm, pairs, facts } = wiring;
  const note = `cut: ${old.length} of ${names.length} cells`;
  return {
    names: Array.from(old, (cell) => names[cell]),
    signs: Int8Array.from(old, (cell) => signs[cell]),
    layers: layers.map((layer): Layer => ({ ...layer, ...cutConnections(layer, old, place) })),
    labels: labels.map(
      (column): Labels => ({
        ...column,
        of:
          column.of.constructor === Uint16Array
            ? Uint16Array.from(old, (cell) => column.of[cell])
            : Uint32Array.from(old, (cell) => column.of[cell]),
      }),
    ),
    ...(positionsUm && {
      positionsUm: Float32Array.from(
        { length: 3 * old.length },
        (_, i) => positionsUm[3 * old[Math.floor(i / 3)] + (i % 3)],
      ),
    }),
    ...(pairs && { pairs: Int32Array.from(old, (cell) => (pairs[cell] < 0 ? -1 : place[pairs[cell]])) }),
    facts: { ...facts, notes: [...facts.notes, note] },
  };
}

function cutConnections(
  { offsets, targets, counts }: Connections,
  old: Int32Array,
  place: Int32Array,
): Connections {
  const cut = new Uint32Array(old.length + 1);
  const kept: number[] = [];
  old.forEach((cell, i) => {
    for (let j = offsets[cell]; j < offsets[cell + 1]; j++) if (place[targets[j]] >= 0) kept.push(j);
    cut[i + 1] = kept.length;
  });
  const many =
    counts instanceof Uint16Array
      ? Uint16Array.from(kept, (j) => counts[j])
      : Uint32Array.from(kept, (j) => counts[j]);
  return { offsets: cut, targets: Int32Array.from(kept, (j) => place[targets[j]]), counts: many };
}

function addNeighbours({ layers, names }: Wiring, kept: Uint8Array, least: number): void {
  const before = kept.slice();
  for (const { offsets, targets, counts } of layers)
    for (let cell = 0; cell < names.length; cell++)
      for (let j = offsets[cell]; j < offsets[cell + 1]; j++)
        if (counts[j] >= least) {
          if (before[cell]) kept[targets[j]] = 1;
          if (before[targets[j]]) kept[cell] = 1;
        }
}
