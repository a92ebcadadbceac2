/** What the journal keeps of a probe: how well the culture did; of several, all together and each by itself. */
import type { Task } from "../../tasks/contract.ts";
import { brainAccuracies, jointAccuracy } from "../../tasks/measures/decide.ts";
import type { Probe } from "../job/readings.ts";
import type { KeptScore } from "./entries.ts";

export function keptScore(
  { questions }: Pick<Task, "questions">,
  { scores, countAccuracy, spoken }: Pick<Probe, "scores" | "countAccuracy" | "spoken">,
): KeptScore {
  if (spoken.brains === 1 && scores) return { ...scores[0], countAccuracy };
  return {
    accuracy: jointAccuracy(spoken, questions),
    countAccuracy,
    brains: brainAccuracies(spoken, questions).map((accuracy, brain) => scores?.[brain] ?? { accuracy }),
  };
}
