/** What a probe of one culture shows: the series beside its prediction, and its states in latent space. */
import { principalAxes, project } from "../../math/principal.ts";
import { seriesOf, type Task } from "../../tasks/contract.ts";
import { expectedValue } from "../../tasks/series/contract.ts";
import type { Probe } from "../job/readings.ts";
import type { ProbeMessage } from "./messages.ts";

const STEPS = 120;

/** Null where the task has no series to show. */
export function probeMessage(
  task: Task,
  { arm, cycle }: { readonly arm: string; readonly cycle: number },
  { scores, countAccuracy, spoken, patches }: Probe,
): ProbeMessage | null {
  if (!task.series || spoken.brains > 1 || !scores) return null;
  const [series] = seriesOf(task);
  const [score] = scores;
  const { start, end } = series.test;
  const K = series.classCount;
  const steps = Array.from({ length: Math.min(STEPS, end - start) }, (_, t) => t);
  const isSymbols = series.kind === "symbols";
  const latents = patches.length / spoken.steps;
  const { mean, axes, explained } = principalAxes(patches, latents, 3);
  const point = (t: number) =>
    project(patches.subarray(t * latents, (t + 1) * latents), mean, axes).map(short);
  const predicted = (t: number) => {
    const row = Float64Array.from(spoken.probabilities.subarray(t * K, (t + 1) * K));
    return isSymbols ? row.indexOf(Math.max(...row)) : short(expectedValue(series, row));
  };
  return {
    about: "probe",
    arm,
    cycle,
    firstStep: start,
    accuracy: score.accuracy,
    countAccuracy,
    nllNats: score.nllNats,
    truth: steps.map((t) => (isSymbols ? series.labels[start + t] : short(series.nextValues[start + t]))),
    predicted: steps.map(predicted),
    labels: steps.map((t) => series.labels[start + t]),
    latent: steps.map(point),
    explained: explained.map(short),
  };
}

/** Four digits are more than a plot can show. */
const short = (value: number) => Number(value.toPrecision(4));
