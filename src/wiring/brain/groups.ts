/** Cells by name for light and for reading. */
import { Random } from "../../math/random.ts";
import {
  type Connections,
  drivingConnections,
  type Labels,
  labelsNamed,
  type Wiring,
  WiringError,
} from "../contract.ts";
import { selectCells } from "../select.ts";

export interface Group {
  readonly name: string;
  readonly cells: Int32Array;
}

/** A group for each words; `NAME: words` names it. */
export function groupsNamed(wiring: Wiring, words: readonly string[]): Group[] {
  return words.map((text) => {
    const colon = text.indexOf(":");
    const name = colon > 0 ? text.slice(0, colon).trim() : text;
    return { name, cells: selectCells(wiring, colon > 0 ? text.slice(colon + 1) : text) };
  });
}

/**
 * Receptor cells by the projection neurons that they drive most: a glomerulus is the receptor cells whose strongest target among
 * `projections` has the same name, its first label up to a semicolon. In the larva this gives its 21 glomeruli without a table of names.
 */
export function glomeruliOf(wiring: Wiring, receptors: Int32Array, projections: Int32Array): Group[] {
  const types = labelsNamed(wiring, "type");
  if (!types) throw new WiringError("glomeruli: expected a column type among the labels, got none");
  const connections = drivingConnections(wiring);
  const nameOf = new Map(Array.from(projections, (cell) => [cell, shortName(types, cell)] as const));
  const found = new Map<string, number[]>();
  for (const cell of receptors) {
    const name = strongest(connections, cell, nameOf);
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), cell]);
  }
  const names = [...found.keys()].sort();
  return names.map((name) => ({ name, cells: Int32Array.from(found.get(name)!) }));
}

/** Mixtures of groups, as an odour is of receptors: dealt out so that each group is in about as many. Throws `WiringError` where there are too few. */
export function mixturesOf(
  groups: readonly Group[],
  { count, size }: { readonly count: number; readonly size: number },
): Group[] {
  if (size < 1 || size > groups.length)
    throw new WiringError(`mixtures: expected 1 to ${groups.length} groups in each, got ${size}`);
  const random = Random.of(0, "mixtures");
  const dealt: number[] = [];
  return Array.from({ length: count }, (_, mixture) => {
    if (dealt.length < size) dealt.splice(0, dealt.length, ...random.permutation(groups.length));
    const members = dealt.splice(0, size).map((i) => groups[i]);
    return {
      name: `mixture ${mixture + 1}: ${members.map(({ name }) => name).join(" + ")}`,
      cells: Int32Array.from(new Set(members.flatMap(({ cells }) => [...cells]))),
    };
  });
}

function shortName({ values, of }: Labels, cell: number): string {
  return values[of[cell]].split(";")[0].trim();
}

function strongest(
  { offsets, targets, counts }: Connections,
  cell: number,
  nameOf: ReadonlyMap<number, string>,
) {
  const sums = new Map<string, number>();
  for (let j = offsets[cell]; j < offsets[cell + 1]; j++) {
    const name = nameOf.get(targets[j]);
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + counts[j]);
  }
  return [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0];
}
