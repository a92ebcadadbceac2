/** A presentation in the twin's steps: when its datum is pulsed, and which steps after a pulse the neural state is read from. */
import type { Layout } from "../../protocol/layout.ts";

export interface TrialSteps {
  readonly steps: number;
  /** Steps at which the datum is pulsed. */
  readonly volleys: readonly number[];
  /** Bin of the neural state that each step after a volley falls into, as long as the state. */
  readonly binOf: Int32Array;
}

/** `stepFrames`: device frames of a step. */
export function trialSteps({ frames, protocol }: Layout, stepFrames: number): TrialSteps {
  const read = Math.floor((protocol.bins * frames.bin) / stepFrames);
  return {
    steps: Math.ceil(frames.presentation / stepFrames),
    volleys: frames.volleys.map((frame) => Math.ceil(frame / stepFrames)),
    // A spike falls on any frame of its step: on its middle one, on average.
    binOf: Int32Array.from({ length: read }, (_, t) => Math.floor(((t + 0.5) * stepFrames) / frames.bin)),
  };
}
