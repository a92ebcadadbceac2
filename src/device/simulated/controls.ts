/**
 * What only a simulated culture can do: hold its plasticity, be saved, be put back, be read and written synapse by
 * synapse. Only plain data goes in and out, so that the culture may live in another thread or on another machine.
 */
import type { LedgerSnapshot } from "../gate/ledger.ts";
import type { DetectorSnapshot } from "./detector.ts";
import type { CellWrite, SynapseWrite, TissueImage, UltrastructureEntry } from "./image.ts";

/** A pulse on its way: when it begins, where, and how strong (1 is a full pulse). */
export interface PendingPulse {
  readonly frame: number;
  readonly channel: number;
  readonly strength: number;
}

/** Everything that decides the future of a simulated device. Can be cloned, sent to a worker and saved. */
export interface SimulatedSnapshot {
  readonly version: 1;
  readonly frame: number;
  readonly culture: Uint8Array;
  readonly detector: DetectorSnapshot;
  readonly pending: readonly PendingPulse[];
  /** Present when taken from an open device: the safety gate's books of that moment. */
  readonly ledger?: LedgerSnapshot;
}

export interface SimulatedControls {
  /** Scales every plastic change: 1 as grown, 0 frozen. */
  plasticity(scale: number): void;
  /** Three-factor plasticity: every plastic synapse changes by `amount` times what is left of its eligibility. */
  reward(amount: number): void;
  /** Synaptic scaling in one step: multiplies the strengths of all plastic synapses, and homeostasis's target sums. */
  scaleExcitation(factor: number): void;
  /** Homeostasis's target sums follow rates `fold` times as fast as grown, until it is set again; it is in no snapshot. */
  hurryHomeostasis(fold: number): void;
  /** Lifts every target sum to `share` of what it was when the culture was grown, at least. */
  limitScaling(share: number): void;
  snapshot(): SimulatedSnapshot;
  /** Puts the culture, the clock and the ledger back to the moment of a snapshot. */
  restore(snapshot: SimulatedSnapshot): void;
  /** Everything that can be read of the culture at this moment. */
  readTissue(): TissueImage;
  /** The signed strength of every synapse `[M]` alone: what `readTissue().synapses.strength` is. */
  readStrengths(): Float32Array;
  /** Writes strengths, all or none; homeostasis then holds the new sums. Throws `UltrastructureRefused`. */
  writeSynapses(write: SynapseWrite): UltrastructureEntry;
  /**
   * Gives every synapse k the strength of synapse `from[k]`, of the same kind and onto the same cell. Homeostasis goes
   * on pulling towards the sums that it held. Throws `UltrastructureRefused`.
   */
  permuteSynapses(from: ArrayLike<number>): void;
  /** Writes quantities of every cell, all or none. Throws `UltrastructureRefused`. */
  writeCells(write: CellWrite): UltrastructureEntry;
  /** Of a brain of a wiring diagram, where some of its synapses learn. */
  readonly learned?: LearnedFactors;
}

/** What synapses that learn weigh, as factors of what they weighed at first: sender by sender, targets ascending. */
export interface LearnedFactors {
  read(): Float64Array;
  /** Throws where there is not one for each. */
  write(factors: ArrayLike<number>): void;
}
