/** A brain of a wiring diagram as plain data: any machine that has the file makes the same brain of it. */
import { loadWiring } from "#wiring-file";
import { WiredBrain } from "../../device/wired/driver.ts";
import type { Gains } from "../../wiring/brain/brain.ts";
import { DOPAMINE, type DopamineRule } from "../../wiring/brain/dopamine.ts";
import { type Group, glomeruliOf, groupsNamed } from "../../wiring/brain/groups.ts";
import { type RewireOptions, rewire } from "../../wiring/change/rewire.ts";
import { type Wiring, WiringError } from "../../wiring/contract.ts";
import { selectCells } from "../../wiring/select.ts";

/** Cells by words (`src/wiring/select.ts`), `NAME: words`; or the glomeruli of receptor cells; or each cell of some words alone. */
export type GroupWords =
  | string
  | { readonly receptors: string; readonly projections: string }
  | { readonly eachOf: string };

export interface WiringSpec {
  /** A file of `wetgrad wiring convert`. */
  readonly path: string;
  /** Controls, made of what the file holds before the brain is; groups are those of the file, whatever is changed. */
  readonly changes?: readonly RewireOptions[];
  /** Groups that light reaches: channels from 0 on. */
  readonly lit: readonly GroupWords[];
  /** Groups that are read: the channels that follow. */
  readonly read: readonly GroupWords[];
  /** Of one synapse; the published 0.275 mV if not given. */
  readonly synapseMv?: number;
  readonly gains?: Gains;
  readonly learning?: {
    readonly senders: string;
    readonly receivers: string;
    readonly modulators: string;
    readonly rule?: Partial<DopamineRule>;
  };
}

/** The last file that was read: brains of one experiment share it. */
let kept: { readonly path: string; readonly wiring: Wiring } | undefined;

/** Throws `WiringError` where the file or a name in the spec cannot be used. */
export function wiredBrain(spec: WiringSpec, seed: number, isStopped?: () => boolean): WiredBrain {
  if (kept?.path !== spec.path) kept = { path: spec.path, wiring: loadWiring(spec.path) };
  const original = kept.wiring;
  refuseGapJunctions(spec.path, original);
  const wiring = (spec.changes ?? []).reduce(rewire, original);
  const { synapseMv, gains, learning } = spec;
  const cells = learning && {
    senders: selectCells(original, learning.senders),
    receivers: selectCells(original, learning.receivers),
    modulators: selectCells(original, learning.modulators),
  };
  return new WiredBrain(wiring, {
    seed,
    lit: spec.lit.flatMap((words) => groupsOf(original, words)),
    read: spec.read.flatMap((words) => groupsOf(original, words)),
    ...(synapseMv !== undefined && { synapseMv }),
    ...(gains && { gains }),
    ...(cells && { learning: { cells, rule: { ...DOPAMINE, ...learning?.rule } } }),
    ...(isStopped && { isStopped }),
  });
}

/**
 * Spikes do not say what cells do that share their voltage, and most of such an animal's are graded: few of the worm's fire at all (Goodman
 * et al. 1998, Neuron 20, 763-772, https://doi.org/10.1016/S0896-6273(00)81014-4). So such a wiring is refused, not simulated without them.
 */
function refuseGapJunctions(path: string, { layers }: Wiring): void {
  const electrical = layers.find(({ name }) => name === "electrical");
  if (!electrical || electrical.targets.length === 0) return;
  const all = layers.reduce((sum, { targets }) => sum + targets.length, 0);
  throw new WiringError(
    `${path}: expected a brain of cells that fire, got ${electrical.targets.length} gap junctions among ${all} connections: cells that they join are graded and share their voltage, which a simulation by spikes has not; describe, cut, rewire and generate take it, and a table without its electrical rows is simulated by its chemical synapses alone`,
  );
}

/** The groups of a wiring that words stand for. */
export function groupsOf(wiring: Wiring, words: GroupWords): Group[] {
  if (typeof words === "string") return groupsNamed(wiring, [words]);
  if ("eachOf" in words)
    return Array.from(selectCells(wiring, words.eachOf), (cell) => ({
      name: wiring.names[cell],
      cells: Int32Array.of(cell),
    }));
  const [receptors, projections] = [words.receptors, words.projections].map((each) =>
    selectCells(wiring, each),
  );
  return glomeruliOf(wiring, receptors, projections);
}
