/** What only a simulated culture can do: hold its plasticity, be saved, be put back, be looked into. */
import type { Culture } from "../../culture/culture.ts";
import type { LedgerSnapshot } from "../gate/ledger.ts";
import type { DetectorSnapshot } from "./detector.ts";
import type { Ultrastructure } from "./ultrastructure.ts";

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
  /** The culture itself, to look at and to operate on (positions, weights). Its time and pulses are the device's. */
  readonly culture: Culture;
  /** Its synapses and cells, one by one. */
  readonly ultrastructure: Ultrastructure;
  /** Scales every plastic change: 1 as grown, 0 frozen. */
  plasticity(scale: number): void;
  snapshot(): SimulatedSnapshot;
  /** Puts the culture, the clock and the ledger back to the moment of a snapshot. */
  restore(snapshot: SimulatedSnapshot): void;
}
