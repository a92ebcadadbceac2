/**
 * Who is who: which cells smell, which learn, who punishes and rewards. By words, so that any wiring that has such classes can be asked;
 * the words here are those of the larva (Winding et al. 2023), whose compartments of the mushroom body have letters.
 */

import { groupsOf, type WiringSpec } from "../tissue/wired/spec.ts";
import type { Gains } from "../wiring/brain/brain.ts";
import { type DopamineRule, learningSynapses } from "../wiring/brain/dopamine.ts";
import { type RewireOptions, rewire } from "../wiring/change/rewire.ts";
import { drivingConnections, type Wiring } from "../wiring/contract.ts";
import { selectCells } from "../wiring/select.ts";

export interface CircuitWords {
  readonly receptors: string;
  readonly projections: string;
  /** Kenyon cells. */
  readonly senders: string;
  /** Output neurons. */
  readonly receivers: string;
  readonly modulators: string;
  readonly punishing: string;
  readonly rewarding: string;
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
  punishing: compartments("DAN", "dfg"),
  rewarding: compartments("DAN", "ijk"),
  approach: compartments("MBON", "dfg"),
  avoid: compartments("MBON", "hijk"),
};

/** Channels of a brain's device, by what they are there for. */
export interface Circuit {
  readonly glomeruli: readonly number[];
  readonly punish: number;
  readonly reward: number;
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
  const smells = { receptors, projections };
  const spec: WiringSpec = {
    path,
    changes,
    lit: [smells, `punish: ${words.punishing}`, `reward: ${words.rewarding}`],
    read: [{ eachOf: senders }, { eachOf: receivers }, `dopamine: ${modulators}`],
    synapseMv,
    ...(gains && { gains }),
    learning: { senders, receivers, modulators, rule },
  };
  const glomeruli = groupsOf(wiring, smells).length;
  const [kenyon, outputCells] = [selectCells(wiring, senders), selectCells(wiring, receivers)];
  const from = (start: number, count: number) => Array.from({ length: count }, (_, i) => start + i);
  const driving = drivingConnections(changes.reduce(rewire, wiring));
  const outputOf = new Map(Array.from(outputCells, (cell, i) => [cell, i]));
  const synapses = learningSynapses(driving, { senders: kenyon, receivers: outputCells });
  const end = glomeruli + 2 + kenyon.length + outputCells.length;
  return {
    spec,
    outputCells,
    circuit: {
      glomeruli: from(0, glomeruli),
      punish: glomeruli,
      reward: glomeruli + 1,
      kenyon: from(glomeruli + 2, kenyon.length),
      outputs: from(glomeruli + 2 + kenyon.length, outputCells.length),
      dopamine: [end],
      learnsOnto: Int32Array.from(synapses, ({ connection }) => outputOf.get(driving.targets[connection])!),
    },
  };
}

export const READOUTS = ["names", "contact"] as const;
export type ReadoutName = (typeof READOUTS)[number];

/** Channels that say approach and avoid. */
export interface Readout {
  readonly approach: readonly number[];
  readonly avoid: readonly number[];
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
    return { approach: channels(words.approach), avoid: channels(words.avoid) };
  }
  const { offsets, targets, counts } = drivingConnections(changed);
  const punishing = new Set(selectCells(wiring, words.punishing));
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
  return { approach: ranked.slice(0, BY_CONTACT), avoid: ranked.slice(-BY_CONTACT) };
}
