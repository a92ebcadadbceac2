/** A brain of a wiring diagram as plain data: any machine that has the file makes the same brain of it (./brain.ts). */
import type { Gains } from "../../wiring/brain/brain.ts";
import type { DopamineRule } from "../../wiring/brain/dopamine.ts";
import type { PairingRule } from "../../wiring/brain/pairing.ts";
import type { RewireOptions } from "../../wiring/change/rewire.ts";

/**
 * Cells by words (`src/wiring/select.ts`), `NAME: words`; or the glomeruli of receptor cells; or mixtures of so many of them each, the same
 * for every brain; or each cell of some words alone.
 */
export type GroupWords =
  | string
  | {
      readonly receptors: string;
      readonly projections: string;
      readonly mixtures?: { readonly count: number; readonly size: number };
    }
  | { readonly eachOf: string };

export interface WiringSpec {
  /** A file of `wetgrad wiring convert`. */
  readonly path: string;
  /** Controls, made of what the file holds before the brain is; groups are those of the file, whatever is changed. */
  readonly changes?: readonly RewireOptions[];
  /** Groups that light reaches: channels from 0 on. */
  readonly lit: readonly GroupWords[];
  /** Groups that light reaches as well, and that answer: the channels that follow. Then all of `lit` carries data. */
  readonly answers?: readonly GroupWords[];
  /** Groups that are read: the channels that follow. */
  readonly read: readonly GroupWords[];
  /** Of one synapse; the published 0.275 mV if not given. */
  readonly synapseMv?: number;
  readonly gains?: Gains;
  readonly learning?: LearningWords;
}

/** Whose synapses learn, and by which rule. */
export type LearningWords = {
  readonly senders: string;
  readonly receivers: string;
  /** What the synapses weigh at first, as a factor of what their counts say; 1 if not given. */
  readonly first?: number;
} & (
  | { readonly by: "dopamine"; readonly modulators: string; readonly rule?: Partial<DopamineRule> }
  | { readonly by: "pairing"; readonly rule?: Partial<PairingRule> }
);
