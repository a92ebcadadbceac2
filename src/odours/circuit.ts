/**
 * Who is who: which cells smell, which learn, who punishes and rewards. By words, so that any wiring that has such classes can be asked;
 * the words here are those of the larva (Winding et al. 2023), whose compartments of the mushroom body have letters.
 */

import { groupsOf } from "../tissue/wired/brain.ts";
import type { WiringSpec } from "../tissue/wired/spec.ts";
import type { Gains } from "../wiring/brain/brain.ts";
import type { DopamineRule } from "../wiring/brain/dopamine.ts";
import { groupsNamed } from "../wiring/brain/groups.ts";
import { learningSynapses } from "../wiring/brain/learning.ts";
import { type RewireOptions, rewire } from "../wiring/change/rewire.ts";
import { drivingConnections, type Wiring } from "../wiring/contract.ts";
import { hasCells, selectCells } from "../wiring/select.ts";

export interface CircuitWords {
  readonly receptors: string;
  readonly projections: string;
  /** Kenyon cells. */
  readonly senders: string;
  /** Output neurons. */
  readonly receivers: string;
  readonly modulators: string;
  /** Classes of cells that can be lit beside odours, `NAME: words`; those that the wiring has are used. */
  readonly classes: readonly string[];
  /** Names of the classes that punish, and that reward. */
  readonly punishing: readonly string[];
  readonly rewarding: readonly string[];
  /** Output neurons that say approach and avoid, by the names of their compartments. */
  readonly approach: string;
  readonly avoid: string;
}

const compartments = (kind: string, letters: string) =>
  [...letters].map((letter) => `type=${kind}-${letter}*`).join(",");

/** Compartments d, f, g hold the cells that punish; i, j, k those that reward (h has none in the table) (Eichler et al. 2017; Saumweber et al. 2018). */
export const LARVA: CircuitWords = {
  receptors: "fine=sensory olfactory",
  projections: "fine=uPN",
  senders: "class=KC",
  receivers: "class=MBON",
  modulators: "class=MBIN",
  classes: [
    ...[..."cdfgijk"].map((letter) => `DAN-${letter}: type=DAN-${letter}*`),
    "OAN-g: type=OAN-g*",
    "OAN-e, MBIN-e: type=OAN-e*,type=MBIN-e*",
    "MBIN-b: type=MBIN-b*",
    "MBIN-l: type=MBIN-l*",
    "taste: fine=sensory gustatory-external",
  ],
  punishing: ["DAN-d", "DAN-f", "DAN-g"],
  rewarding: ["DAN-i", "DAN-j", "DAN-k"],
  approach: compartments("MBON", "dfg"),
  avoid: compartments("MBON", "hijk"),
};

/** Channels of a brain's device, by what they are there for. */
export interface Circuit {
  readonly glomeruli: readonly number[];
  /** `[M]` classes that can be lit beside odours. */
  readonly classes: readonly { readonly name: string; readonly channel: number }[];
  /** `[M]` doses that punish, and that reward. */
  readonly punish: readonly number[];
  readonly reward: readonly number[];
  readonly kenyon: readonly number[];
  readonly outputs: readonly number[];
  /** What dopamine cells fire, all together. */
  readonly dopamine: readonly number[];
  /** For each synapse that learns, which of `outputs` it is onto. */
  readonly learnsOnto: Int32Array;
}

export interface Setting {
  readonly synapseMv: number;
  readonly gains?: Gains | undefined;
  readonly rule: Partial<DopamineRule>;
}

/** A wiring, the file that holds it, and what its cells are called. */
export interface Source {
  readonly path: string;
  readonly wiring: Wiring;
  readonly words: CircuitWords;
}

export interface Circuited {
  readonly spec: WiringSpec;
  readonly circuit: Circuit;
  /** Cell of each of the circuit's outputs. */
  readonly outputCells: Int32Array;
}

/** The spec of a brain with light on each glomerulus and on the dopamine cells, read cell by cell, and its channels. */
export function circuitOf(
  { path, wiring, words }: Source,
  { synapseMv, gains, rule }: Setting,
  changes: readonly RewireOptions[] = [],
): Circuited {
  const { receptors, projections, senders, receivers, modulators } = words;
  const classes = classesIn(wiring, words);
  const smells = { receptors, projections };
  const spec: WiringSpec = {
    path,
    changes,
    lit: [smells, ...classes.map(({ group }) => group)],
    read: [{ eachOf: senders }, { eachOf: receivers }, `dopamine: ${modulators}`],
    synapseMv,
    ...(gains && { gains }),
    learning: { by: "dopamine", senders, receivers, modulators, rule },
  };
  const glomeruli = groupsOf(wiring, smells).length;
  const [kenyon, outputCells] = [selectCells(wiring, senders), selectCells(wiring, receivers)];
  const from = (start: number, count: number) => Array.from({ length: count }, (_, i) => start + i);
  const driving = drivingConnections(changes.reduce(rewire, wiring));
  const outputOf = new Map(Array.from(outputCells, (cell, i) => [cell, i]));
  const synapses = learningSynapses(driving, { senders: kenyon, receivers: outputCells });
  const first = glomeruli + classes.length;
  const end = first + kenyon.length + outputCells.length;
  const doses = (names: readonly string[]) => classes.map(({ name }) => Number(names.includes(name)));
  return {
    spec,
    outputCells,
    circuit: {
      glomeruli: from(0, glomeruli),
      classes: classes.map(({ name }, k) => ({ name, channel: glomeruli + k })),
      punish: doses(words.punishing),
      reward: doses(words.rewarding),
      kenyon: from(first, kenyon.length),
      outputs: from(first + kenyon.length, outputCells.length),
      dopamine: [end],
      learnsOnto: Int32Array.from(synapses, ({ connection }) => outputOf.get(driving.targets[connection])!),
    },
  };
}

/** The classes that the wiring has. */
function classesIn(wiring: Wiring, { classes }: CircuitWords) {
  return classes.flatMap((group) => {
    const [name, words] = group.split(":").map((part) => part.trim());
    const has = words.split(",").filter((word) => hasCells(wiring, word));
    return has.length > 0 ? [{ name, group: `${name}: ${has.join(",")}` }] : [];
  });
}

export const READOUTS = ["names", "contact"] as const;
export type ReadoutName = (typeof READOUTS)[number];

/** Channels that say approach and avoid. */
export interface Readout {
  readonly approach: readonly number[];
  readonly avoid: readonly number[];
  /** The same in parts: compartments, or output neurons one by one. What an emulator reads, and what each says. */
  readonly parts: readonly { readonly channels: readonly number[]; readonly isApproach: boolean }[];
}

/** A readout of parts. */
export function readoutOfParts(
  approach: readonly (readonly number[])[],
  avoid: readonly (readonly number[])[],
): Readout {
  const parts = (all: readonly (readonly number[])[], isApproach: boolean) =>
    all.filter(({ length }) => length > 0).map((channels) => ({ channels, isApproach }));
  return {
    ...{ approach: approach.flat(), avoid: avoid.flat() },
    parts: [...parts(approach, true), ...parts(avoid, false)],
  };
}

const BY_CONTACT = 10;

/**
 * By names of compartments; or by contact: the output neurons of whose dopamine contacts the largest part is the punishing cells', and
 * those with the smallest. `changed` is the wiring that the brain has.
 */
export function readoutOf(
  name: ReadoutName,
  { wiring, words }: Source,
  changed: Wiring,
  { circuit: { outputs }, outputCells }: Pick<Circuited, "circuit" | "outputCells">,
): Readout {
  const channelOf = new Map(Array.from(outputCells, (cell, i) => [cell, outputs[i]]));
  if (name === "names") {
    const channels = (text: string) =>
      Array.from(selectCells(wiring, text)).flatMap((cell) => channelOf.get(cell) ?? []);
    const parts = (text: string) => text.split(",").map(channels);
    return readoutOfParts(parts(words.approach), parts(words.avoid));
  }
  const { offsets, targets, counts } = drivingConnections(changed);
  const isPunishing = classesIn(wiring, words).filter(({ name }) => words.punishing.includes(name));
  const punishing = new Set(
    groupsNamed(
      wiring,
      isPunishing.map(({ group }) => group),
    ).flatMap(({ cells }) => [...cells]),
  );
  const sums = new Map(Array.from(outputCells, (cell) => [cell, { punishing: 0, all: 0 }]));
  for (const cell of selectCells(wiring, words.modulators))
    for (let j = offsets[cell]; j < offsets[cell + 1]; j++) {
      const sum = sums.get(targets[j]);
      if (!sum) continue;
      sum.all += counts[j];
      if (punishing.has(cell)) sum.punishing += counts[j];
    }
  const ranked = [...sums]
    .filter(([, { all }]) => all > 0)
    .sort(([a, x], [b, y]) => y.punishing / y.all - x.punishing / x.all || a - b)
    .map(([cell]) => channelOf.get(cell)!);
  const each = (own: readonly number[]) => own.map((channel) => [channel]);
  return readoutOfParts(each(ranked.slice(0, BY_CONTACT)), each(ranked.slice(-BY_CONTACT)));
}
