/** Sentences as a culture read them, to be looked at. */
import type { SimulatedFixation } from "../eyes/ez-reader.ts";
import type { ShownSentence } from "./timing.ts";

/** One sentence as it was read, to be looked at: times in ms from its beginning. */
export interface ReadExample {
  readonly text: string;
  readonly fixations: readonly SimulatedFixation[];
  readonly shown: ShownSentence;
  readonly durationMs: number;
  readonly spikes: readonly (readonly [ms: number, channel: number])[];
  readonly pulses: readonly (readonly [ms: number, channel: number])[];
}

export interface ReadExamples {
  /** Channels that words are given to, and the others. */
  readonly stimulated: readonly number[];
  readonly neverStimulated: readonly number[];
  readonly read: readonly ReadExample[];
}
