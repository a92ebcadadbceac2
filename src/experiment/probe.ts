/**
 * The probe: held-out data shown to the culture, no writes, plasticity low. What the bridge reads off the culture's
 * state is the culture's own prediction.
 */

import type { ModelPrograms, Models } from "../emulator/one/models.ts";
import { LOW_PLASTICITY } from "../protocol/protocol.ts";
import { accuracy, type Score, scorePrediction } from "../tasks/measures/score.ts";
import { type Presented, present } from "./presenting.ts";
import { readByBridge, readByHand } from "./reading.ts";
import type { Recorder } from "./recorder.ts";
import { heldOut, type Subject } from "./subject.ts";

export interface ProbeScore extends Score {
  /** Accuracy of the class group with most spikes. */
  readonly handAccuracy: number;
}

/** What a probe saw, kept raw so that any bridge can read it. */
export type ProbeReading = Presented;

export async function probe(
  subject: Subject,
  recorder: Recorder,
  plasticity = LOW_PLASTICITY,
): Promise<ProbeReading> {
  subject.simulated.plasticity(plasticity);
  return present(subject, heldOut(subject), () => undefined, recorder);
}

/** The score of what a probe saw, read by `models`; with the class probabilities and patches behind it. */
export async function scoreProbe(
  programs: ModelPrograms,
  models: Models,
  subject: Subject,
  patterns: readonly (readonly number[])[],
  reading: ProbeReading,
) {
  const { task } = subject;
  const { probabilities, patches } = await readByBridge(programs, models, reading.states);
  const byHand = readByHand(reading.read, reading.states.channels, patterns);
  const score: ProbeScore = {
    ...scorePrediction(task, { probabilities }),
    handAccuracy: accuracy(byHand, task.labels.subarray(task.test.start, task.test.end), task.classCount),
  };
  return { score, probabilities, patches };
}
