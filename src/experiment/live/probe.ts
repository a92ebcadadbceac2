/** What a probe shows to those who watch: the series beside the culture's prediction, and its states in latent space. */

import { EMULATOR_SHAPE } from "../../emulator/one/models.ts";
import { principalAxes, project } from "../../math/principal.ts";
import { expectedValue } from "../../tasks/contract.ts";
import type { ProbeScore } from "../probe.ts";
import type { Subject } from "../subject.ts";
import type { ProbeMessage } from "./messages.ts";

const STEPS = 120;

export function probeMessage(
  { task }: Subject,
  where: { readonly arm: string; readonly cycle: number },
  scored: {
    readonly score: ProbeScore;
    readonly probabilities: Float64Array;
    readonly patches: Float32Array;
  },
): ProbeMessage {
  const { start, end } = task.test;
  const K = task.classCount;
  const steps = Array.from({ length: Math.min(STEPS, end - start) }, (_, t) => t);
  const isSymbols = task.kind === "symbols";
  const { latents } = EMULATOR_SHAPE;
  const { mean, axes, explained } = principalAxes(scored.patches, latents, 3);
  const point = (t: number) =>
    project(scored.patches.subarray(t * latents, (t + 1) * latents), mean, axes).map(short);
  const predicted = (t: number) => {
    const row = scored.probabilities.subarray(t * K, (t + 1) * K);
    return isSymbols ? row.indexOf(Math.max(...row)) : short(expectedValue(task, row));
  };
  return {
    about: "probe",
    ...where,
    firstStep: start,
    accuracy: scored.score.accuracy,
    nllNats: scored.score.nllNats,
    truth: steps.map((t) => (isSymbols ? task.labels[start + t] : short(task.nextValues[start + t]))),
    predicted: steps.map(predicted),
    labels: steps.map((t) => task.labels[start + t]),
    latent: steps.map(point),
    explained: explained.map(short),
  };
}

/** Four digits are more than a plot can show. */
const short = (value: number) => Number(value.toPrecision(4));
