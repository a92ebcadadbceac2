/** Makes the brain that a spec says (./spec.ts), and what it is read and written by. */
import { loadWiring } from "#wiring-file";
import type { StimulableProfile } from "../../device/profile.ts";
import { WiredBrain, wiredProfile } from "../../device/wired/driver.ts";
import type { BrainOptions } from "../../wiring/brain/brain.ts";
import { DOPAMINE } from "../../wiring/brain/dopamine.ts";
import { type Group, glomeruliOf, groupsNamed, mixturesOf } from "../../wiring/brain/groups.ts";
import { PAIRING } from "../../wiring/brain/pairing.ts";
import { rewire } from "../../wiring/change/rewire.ts";
import { type Wiring, WiringError } from "../../wiring/contract.ts";
import { selectCells } from "../../wiring/select.ts";
import type { GroupWords, LearningWords, WiringSpec } from "./spec.ts";

/** The last file that was read: brains of one experiment share it. */
let kept: { readonly path: string; readonly wiring: Wiring } | undefined;

/** Throws `WiringError` where the file or a name in the spec cannot be used. */
export function wiredBrain(spec: WiringSpec, seed: number, isStopped?: () => boolean): WiredBrain {
  const original = originalOf(spec);
  const wiring = (spec.changes ?? []).reduce(rewire, original);
  const { synapseMv, gains, learning } = spec;
  return new WiredBrain(wiring, {
    seed,
    ...channelsOf(spec, original),
    ...(synapseMv !== undefined && { synapseMv }),
    ...(gains && { gains }),
    ...(learning && { learning: learningOf(original, learning) }),
    ...(isStopped && { isStopped }),
  });
}

/** What a brain of the spec is read and written by. Throws `WiringError` as `wiredBrain`. */
export function profileOfSpec(spec: WiringSpec): StimulableProfile {
  const original = originalOf(spec);
  return wiredProfile(original, channelsOf(spec, original));
}

function originalOf({ path }: WiringSpec): Wiring {
  if (kept?.path === path) return kept.wiring;
  const wiring = loadWiring(path);
  refuseGapJunctions(path, wiring);
  kept = { path, wiring };
  return wiring;
}

function channelsOf({ lit, answers, read }: WiringSpec, wiring: Wiring) {
  const groups = (all: readonly GroupWords[]) => all.flatMap((words) => groupsOf(wiring, words));
  const answering = answers && groups(answers);
  return {
    lit: [...groups(lit), ...(answering ?? [])],
    read: groups(read),
    answers: answering?.length,
  };
}

function learningOf(wiring: Wiring, words: LearningWords): NonNullable<BrainOptions["learning"]> {
  const cells = {
    senders: selectCells(wiring, words.senders),
    receivers: selectCells(wiring, words.receivers),
    modulators: words.by === "dopamine" ? selectCells(wiring, words.modulators) : new Int32Array(),
  };
  const { first } = words;
  return words.by === "dopamine"
    ? { cells, first, by: { kind: "dopamine", rule: { ...DOPAMINE, ...words.rule } } }
    : { cells, first, by: { kind: "pairing", rule: { ...PAIRING, ...words.rule } } };
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
  const glomeruli = glomeruliOf(wiring, receptors, projections);
  return words.mixtures ? mixturesOf(glomeruli, words.mixtures) : glomeruli;
}
