/** A presentation in the twin's steps: when its datum is pulsed, and which steps after a pulse the neural state is read from. */
import { BIN_FRAMES, BINS, TRIAL_FRAMES, VOLLEY_FRAMES } from "../../../protocol/protocol.ts";

export interface TrialSteps {
  readonly steps: number;
  /** Steps at which the datum is pulsed. */
  readonly volleys: readonly number[];
  /** Bin of the neural state that each step after a volley falls into, as long as the state. */
  readonly binOf: Int32Array;
}

export function trialSteps(stepFrames: number): TrialSteps {
  const read = Math.floor((BINS * BIN_FRAMES) / stepFrames);
  return {
    steps: Math.ceil(TRIAL_FRAMES / stepFrames),
    volleys: VOLLEY_FRAMES.map((frame) => Math.ceil(frame / stepFrames)),
    // A spike falls on any frame of its step: on its middle one, on average.
    binOf: Int32Array.from({ length: read }, (_, t) => Math.floor(((t + 0.5) * stepFrames) / BIN_FRAMES)),
  };
}
