/**
 * Controls of wiring. Rewired: targets of pairs of connections are exchanged, ten times as often as there are connections, so that every
 * cell keeps its in- and out-degree (Maslov & Sneppen 2002, Science 296, 910-913, https://doi.org/10.1126/science.1065103); within
 * pairs of classes, who is connected to which class stays, too. Counts or signs dealt out anew: who is connected to whom stays.
 */
import { Random } from "../../math/random.ts";
import { type Connections, drivingConnections, labelsNamed, type Wiring, WiringError } from "../contract.ts";
import { matcher } from "../pattern.ts";
import { PairSet } from "./pair-set.ts";

/** What may be exchanged: whom cells contact, with how many synapses, or their signs. */
export const REWIRINGS = ["targets", "counts", "signs"] as const;
export type Rewiring = (typeof REWIRINGS)[number];

export interface RewireOptions {
  readonly what: Rewiring;
  readonly seed: number;
  /** Column of the labels within whose pairs of values is exchanged; all cells are alike where it is not given. */
  readonly within?: string | undefined;
  /** Only connections of these pairs, `uPN>KC`, with `*` for any letters, commas between. */
  readonly only?: string | undefined;
  /** All pairs but these. */
  readonly except?: string | undefined;
}

const EXCHANGES = 10;

/** The wiring with its driving connections (as one layer) changed. */
export function rewire(wiring: Wiring, options: RewireOptions): Wiring {
  return rewireTraced(wiring, options).wiring;
}

/** The same, and for each driving connection which one of the old it was: `[connections]`. */
export function rewireTraced(
  wiring: Wiring,
  options: RewireOptions,
): { readonly wiring: Wiring; readonly origin: Uint32Array } {
  const { what, seed, within } = options;
  const drive = drivingConnections(wiring);
  const random = Random.of(seed, "rewire", what);
  const note = `rewired: ${what}${within ? ` within pairs of ${within}` : ""}${options.only ? `, only ${options.only}` : ""}${options.except ? `, all but ${options.except}` : ""}, seed ${seed}`;
  const facts = { ...wiring.facts, notes: [...wiring.facts.notes, note] };
  const kept = wiring.layers.filter(({ drives }) => !drives);
  if (what === "signs")
    return {
      wiring: { ...wiring, signs: dealtSigns(wiring, classOf(wiring, within), random), facts },
      origin: Uint32Array.from(drive.targets.keys()),
    };
  const groups = [...groupsOf(wiring, drive, options).values()];
  const { origin, ...changed } =
    what === "counts" ? dealtCounts(drive, groups, random) : exchanged(drive, groups, random);
  const layers = [{ name: "rewired", drives: true, ...changed }, ...kept];
  return { wiring: { ...wiring, layers, facts }, origin };
}

function classOf(
  wiring: Wiring,
  within: string | undefined,
): { values: readonly string[]; of: ArrayLike<number> } {
  if (within === undefined) return { values: ["any"], of: new Uint8Array(wiring.names.length) };
  const column = labelsNamed(wiring, within);
  if (column) return column;
  throw new WiringError(
    `rewire: expected a column of the labels (${wiring.labels.map(({ name }) => name).join(", ") || "there is none"}), got ${within}`,
  );
}

/** Connections that may be exchanged with one another: of the same sign and pair of classes. */
function groupsOf(
  wiring: Wiring,
  { offsets, targets }: Connections,
  { within, only, except }: RewireOptions,
): Map<string, number[]> {
  const { values, of } = classOf(wiring, within);
  const pairs = (text: string) => {
    const matchers = text.split(",").map((part) => matcher(part.trim()));
    return (pair: string) => matchers.some((matches) => matches(pair));
  };
  const [isOnly, isExcept] = [
    only === undefined ? () => true : pairs(only),
    except === undefined ? () => false : pairs(except),
  ];
  const groups = new Map<string, number[]>();
  for (let cell = 0; cell < wiring.names.length; cell++)
    for (let j = offsets[cell]; j < offsets[cell + 1]; j++) {
      const pair = `${values[of[cell]]}>${values[of[targets[j]]]}`;
      if (!isOnly(pair) || isExcept(pair)) continue;
      const key = `${wiring.signs[cell]} ${pair}`;
      const group = groups.get(key);
      if (group) group.push(j);
      else groups.set(key, [j]);
    }
  return groups;
}

function exchanged(drive: Connections, groups: readonly number[][], random: Random): Traced {
  const cells = drive.offsets.length - 1;
  const from = new Int32Array(drive.targets.length);
  for (let cell = 0; cell < cells; cell++) from.fill(cell, drive.offsets[cell], drive.offsets[cell + 1]);
  const to = drive.targets.slice();
  const pairs = new PairSet(to.length);
  for (let j = 0; j < to.length; j++) pairs.add(from[j], to[j]);
  for (const group of groups)
    for (let n = 0; n < group.length * EXCHANGES; n++) {
      const [x, y] = [group[random.integer(group.length)], group[random.integer(group.length)]];
      const [a, b, c, d] = [from[x], to[x], from[y], to[y]];
      if (a === c || b === d || a === d || c === b || pairs.has(a, d) || pairs.has(c, b)) continue;
      pairs.delete(a, b);
      pairs.delete(c, d);
      pairs.add(a, d);
      pairs.add(c, b);
      to[x] = d;
      to[y] = b;
    }
  return sortedRows(drive.offsets, to, drive.counts.slice());
}

interface Traced extends Connections {
  readonly origin: Uint32Array;
}

/** Rows with targets ascending again. */
export function sortedRows(
  offsets: Uint32Array,
  targets: Int32Array,
  counts: Uint16Array | Uint32Array,
): Traced {
  const origin = Uint32Array.from(targets.keys());
  for (let cell = 0; cell + 1 < offsets.length; cell++) {
    const [start, end] = [offsets[cell], offsets[cell + 1]];
    const row = Array.from(
      { length: end - start },
      (_, i) => [targets[start + i], counts[start + i], start + i] as const,
    );
    row.sort((p, q) => p[0] - q[0]);
    row.forEach(([target, count, from], i) => {
      targets[start + i] = target;
      counts[start + i] = count;
      origin[start + i] = from;
    });
  }
  return { offsets, targets, counts, origin };
}

function dealtCounts(
  { offsets, targets, counts }: Connections,
  groups: readonly number[][],
  random: Random,
): Traced {
  const dealt = counts.slice();
  for (const group of groups)
    random.permutation(group.length).forEach((other, i) => {
      dealt[group[i]] = counts[group[other]];
    });
  return { offsets, targets, counts: dealt, origin: Uint32Array.from(targets.keys()) };
}

/** Signs dealt out anew among the cells of each class. */
function dealtSigns(
  { signs }: Wiring,
  { values, of }: { values: readonly string[]; of: ArrayLike<number> },
  random: Random,
): Int8Array {
  const dealt = signs.slice();
  for (let value = 0; value < values.length; value++) {
    const cells = [...signs.keys()].filter((cell) => of[cell] === value);
    random.permutation(cells.length).forEach((other, i) => {
      dealt[cells[i]] = signs[cells[other]];
    });
  }
  return dealt;
}
