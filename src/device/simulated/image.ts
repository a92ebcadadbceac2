/**
 * What can be read of a simulated culture, as plain data: it can be cloned, sent to another thread and saved. All arrays
 * but `synapses.strength` and `cells` are the device's own, the same at each reading: do not change them.
 */
import type { Anatomy } from "../../culture/anatomy.ts";
import type { Indices } from "../../culture/indices.ts";
import type { CultureParameters } from "../../culture/parameters.ts";
import type { TissueState, WritableCellState } from "../../culture/state.ts";
import type { ElectrodeCoupling } from "./coupling.ts";

/** The kinds of synapse, by the cells they join: e excitatory, i inhibitory. */
export type SynapseKind = "ee" | "ei" | "ie" | "ii";

export const SYNAPSE_KINDS: readonly SynapseKind[] = ["ee", "ei", "ie", "ii"];

/** Synapses as columns `[M]`, in the anatomy's order. */
export interface SynapseTable {
  readonly pre: Indices;
  readonly post: Indices;
  readonly delaySteps: Int32Array;
  /** Signed: negative where the presynaptic cell is inhibitory; the magnitude is in leak conductances. */
  readonly strength: Float32Array;
}

/** The ultrastructure of a culture at a moment, and how the electrodes couple to its cells. */
export interface TissueImage {
  /** As grown: its weights are those of step 0. */
  readonly anatomy: Anatomy;
  /** The constants of the cells and synapses. */
  readonly parameters: CultureParameters;
  readonly synapses: SynapseTable;
  /** The synapses that learn, ascending. */
  readonly plastic: Int32Array;
  /** Strongest synapse of each kind that can be written (leak conductances). */
  readonly bounds: Readonly<Record<SynapseKind, number>>;
  readonly cells: TissueState;
  readonly coupling: ElectrodeCoupling;
}

export function kindOf({ anatomy }: Pick<TissueImage, "anatomy">, synapse: number): SynapseKind {
  const { synapses, excitatoryCount: E } = anatomy;
  return `${synapses.pre[synapse] < E ? "e" : "i"}${synapses.post[synapse] < E ? "e" : "i"}`;
}

/** A change of the synapses' strengths: all of them, or those listed. */
export interface SynapseWrite {
  readonly strength: ArrayLike<number>;
  /** Which synapses; all if not given. */
  readonly synapses?: ArrayLike<number>;
  /** Also wake silent contacts. */
  readonly newSynapses?: boolean;
}

/** Quantities to write, each one value per neuron. */
export type CellWrite = WritableCellState;

/** What a write changed, for the journal. */
export interface UltrastructureEntry {
  readonly step: number;
  readonly what: "synapses" | "cells";
  readonly changed: number;
  /** Sum and largest of the absolute changes; for cells 0. */
  readonly totalChange: number;
  readonly largestChange: number;
}

export class UltrastructureRefused extends Error {
  override readonly name = "UltrastructureRefused";
}
