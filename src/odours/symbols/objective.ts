/**
 * What descent on symbols descends on: the mean cross entropy of the right answer over symbols. An answer's chance is the softmax over
 * compartments of ln(spikes over the compartment's mean), as it is read (./school.ts): loudness is 2 ln y, less the compartment's mean.
 */
import type { Objective } from "../descent/descend.ts";

/** Of the softmax: how sharp differences of loudness decide. */
const SHARPNESS = 6;
const LEAST = 1e-3;

/** For a state `[S, K]`; `right`: the right answer to each symbol. */
export const crossEntropy =
  (right: readonly number[], answers: number): Objective =>
  (state) =>
    lossOf(state, right, answers);

function lossOf(state: Float64Array, right: readonly number[], answers: number): ReturnType<Objective> {
  const symbols = right.length;
  const loudness = state.map((y) => 2 * Math.log(Math.max(LEAST, y)));
  const means = Float64Array.from({ length: answers }, (_, k) => {
    let sum = 0;
    for (let t = 0; t < symbols; t++) sum += loudness[t * answers + k];
    return sum / symbols;
  });
  /** dLoss/d(loudness less mean) */
  const byLoudness = new Float64Array(state.length);
  let loss = 0;
  for (let t = 0; t < symbols; t++) {
    const logits = means.map((mean, k) => SHARPNESS * (loudness[t * answers + k] - mean));
    const most = Math.max(...logits);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
    loss += (most + Math.log(sum) - logits[right[t]]) / symbols;
    for (let k = 0; k < answers; k++)
      byLoudness[t * answers + k] =
        (SHARPNESS / symbols) * (Math.exp(logits[k] - most) / sum - Number(k === right[t]));
  }
  const slope = new Float64Array(state.length);
  for (let k = 0; k < answers; k++) {
    let shared = 0;
    for (let t = 0; t < symbols; t++) shared += byLoudness[t * answers + k] / symbols;
    for (let t = 0; t < symbols; t++) {
      const at = t * answers + k;
      slope[at] = state[at] > LEAST ? ((byLoudness[at] - shared) * 2) / state[at] : 0;
    }
  }
  return { loss, slope };
}
