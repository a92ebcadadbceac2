/** A presentation in the twin's steps: when its datum is pulsed, and which steps the neural state is read from. */
import { BIN_FRAMES, BINS, TRIAL_FRAMES, VOLLEY_FRAMES } from "../protocol.ts";

export interface TrialSteps {
  /** Steps of a presentation, and of its part that is read. */
  readonly steps: number;
  readonly readSteps: number;
  /** Steps at which the datum is pulsed. */
  readonly volleys: readonly number[];
  /** Bin of the neural state that each read step falls into, -1 for none, `[readSteps]`. */
  readonly binOf: Int32Array;
}

/**
 * Of whole presentations, or of single volleys that follow each other as those of a presentation do: a fifth of the
 * steps for a datum, at much the same mean rate of pulses.
 */
export function trialSteps(stepFrames: number, whole: boolean): TrialSteps {
  const volleyFrames = whole ? VOLLEY_FRAMES : VOLLEY_FRAMES.slice(0, 1);
  const trialFrames = whole ? TRIAL_FRAMES : VOLLEY_FRAMES[1];
  const volleys = volleyFrames.map((frame) => Math.ceil(frame / stepFrames));
  const readSteps = Math.ceil((volleyFrames[volleyFrames.length - 1] + BINS * BIN_FRAMES) / stepFrames);
  const binOf = new Int32Array(readSteps).fill(-1);
  for (let t = 0; t < readSteps; t++)
    for (const volley of volleyFrames) {
      // A spike falls on any frame of its step: on its middle one, on average.
      const bin = Math.floor(((t + 0.5) * stepFrames - volley) / BIN_FRAMES);
      if (bin >= 0 && bin < BINS) binOf[t] = bin;
    }
  return { steps: Math.ceil(trialFrames / stepFrames), readSteps, volleys, binOf };
}
