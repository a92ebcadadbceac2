/** What is to be said of a wiring diagram, and what to beware of in it. */
import { type Connections, drivingConnections, type Labels, labelsNamed, type Wiring } from "./contract.ts";

export interface LayerDescription {
  readonly name: string;
  readonly drives: boolean;
  readonly connections: number;
  readonly synapses: number;
  readonly ontoItself: number;
}

export interface Degrees {
  readonly mean: number;
  readonly median: number;
  readonly most: number;
  /** Cells without any. */
  readonly none: number;
}

export interface WiringDescription {
  readonly cells: number;
  readonly connections: number;
  readonly synapses: number;
  readonly layers: readonly LayerDescription[];
  readonly signs: { readonly excite: number; readonly inhibit: number; readonly none: number };
  readonly signRule: string;
  readonly out: Degrees;
  readonly in: Degrees;
  readonly synapsesPerConnection: number;
  /** By column, its values with their cells, the commonest first. */
  readonly labels: Readonly<
    Record<
      string,
      { readonly values: number; readonly unsaid: number; readonly common: Readonly<Record<string, number>> }
    >
  >;
  readonly positioned: number;
  readonly pairs: number;
  readonly source: string;
  readonly licence: string;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

const MOST_VALUES = 24;

/** Counts, signs, degrees and classes of a diagram, and what to be wary of. */
export function describeWiring(wiring: Wiring): WiringDescription {
  const { names, signs, layers, labels, positionsUm, pairs, facts } = wiring;
  const drive = drivingConnections(wiring);
  const synapses = sum(drive.counts);
  const degree = degreesOf(drive);
  const count = (sign: number) => signs.reduce((total, own) => total + Number(own === sign), 0);
  const excite = count(1);
  const description = {
    cells: names.length,
    connections: drive.targets.length,
    synapses,
    layers: layers.map(describeLayer),
    signs: { excite, inhibit: count(-1), none: count(0) },
    signRule: facts.signRule,
    out: degrees(degree.out),
    in: degrees(degree.in),
    synapsesPerConnection: synapses / Math.max(1, drive.targets.length),
    labels: Object.fromEntries(labels.map(({ name, values, of }) => [name, describeLabels(values, of)])),
    positioned: positionsUm ? names.filter((_, cell) => Number.isFinite(positionsUm[3 * cell])).length : 0,
    pairs: pairs ? pairs.reduce((total, other, cell) => total + Number(other > cell), 0) : 0,
    source: facts.source,
    licence: facts.licence,
    notes: facts.notes,
  };
  return { ...description, warnings: warningsOf(wiring, description) };
}

function describeLayer(layer: Connections & { name: string; drives: boolean }): LayerDescription {
  let ontoItself = 0;
  for (let cell = 0; cell + 1 < layer.offsets.length; cell++)
    for (let j = layer.offsets[cell]; j < layer.offsets[cell + 1]; j++)
      if (layer.targets[j] === cell) ontoItself++;
  const { name, drives, targets, counts } = layer;
  return { name, drives, connections: targets.length, synapses: sum(counts), ontoItself };
}

function describeLabels(values: readonly string[], of: ArrayLike<number>) {
  const cells = new Uint32Array(values.length);
  for (let cell = 0; cell < of.length; cell++) cells[of[cell]]++;
  const common = [...cells.keys()]
    .filter((value) => value > 0 && cells[value] > 0)
    .sort((a, b) => cells[b] - cells[a]);
  return {
    values: common.length,
    unsaid: cells[0],
    common: Object.fromEntries(common.slice(0, MOST_VALUES).map((value) => [values[value], cells[value]])),
  };
}

function degreesOf({ offsets, targets }: Connections) {
  const cells = offsets.length - 1;
  const out = Uint32Array.from({ length: cells }, (_, cell) => offsets[cell + 1] - offsets[cell]);
  const into = new Uint32Array(cells);
  for (const target of targets) into[target]++;
  return { out, in: into };
}

function degrees(of: Uint32Array): Degrees {
  const sorted = of.slice().sort();
  const none = of.reduce((total, degree) => total + Number(degree === 0), 0);
  return {
    mean: sum(of) / Math.max(1, of.length),
    median: sorted[sorted.length >> 1] ?? 0,
    most: sorted.at(-1) ?? 0,
    none,
  };
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

function unsaid({ of }: Labels): number {
  let cells = 0;
  for (let cell = 0; cell < of.length; cell++) if (of[cell] === 0) cells++;
  return cells;
}

function warningsOf(
  wiring: Wiring,
  { signs, cells, out, layers }: Pick<WiringDescription, "signs" | "cells" | "out" | "in" | "layers">,
): string[] {
  const warnings: string[] = [];
  const transmitter = labelsNamed(wiring, "transmitter");
  if (transmitter) {
    const without = unsaid(transmitter);
    if (without > 0) warnings.push(`${without} cells have no transmitter: their sign is the rule's else`);
  } else warnings.push("no transmitters: signs are by the rule, not measured");
  if (signs.inhibit === 0)
    warnings.push("no cell inhibits: such a wiring is silent or runs away; give signs with --signs");
  const kinds = labelsNamed(wiring, "class");
  if (!kinds) warnings.push("no classes: cells can be named by their ids alone");
  else {
    const without = unsaid(kinds);
    if (without > 0) warnings.push(`${without} of ${cells} cells have no class`);
  }
  if (out.none > 0) warnings.push(`${out.none} cells drive nobody`);
  const undriven = layers.filter(({ drives }) => !drives).map(({ name }) => name);
  if (undriven.length > 0) warnings.push(`${undriven.join(", ")}: kept, not simulated`);
  return [...warnings, ...knownFaults(wiring)];
}

/** Faults of published tables that were found by others: FlyWire's left il3LN6 inhibits, and is excitatory in the model's file. */
function knownFaults({ labels, signs, names }: Wiring): string[] {
  const types = labels.filter(({ name }) => name === "type" || name === "fine");
  const found = [...names.keys()].filter(
    (cell) => types.some(({ values, of }) => values[of[cell]] === "il3LN6") && signs[cell] > 0,
  );
  return found.length === 0
    ? []
    : [
        `il3LN6 (${found.map((cell) => names[cell]).join(", ")}) is excitatory here and inhibits in the fly: with it 8,323 cells answer sugar instead of 377; set it with --signs`,
      ];
}
