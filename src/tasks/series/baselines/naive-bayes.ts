/**
 * Naive Bayes on the electrode code the culture is given: each place is pulsed or not, independently given the
 * class of x_{t+1}, with add-one smoothing. Its log-odds add up over places as synaptic inputs do, so it is about
 * the most that a culture whose sensory electrodes vote can reach.
 */

import type { Prediction } from "../../measures/score.ts";
import { type CodedSeries, contextOf } from "../contract.ts";

export function predictNaiveBayes(task: CodedSeries): Prediction {
  const { train, test, classCount: K, sensoryCount: S, labels } = task;
  const classCounts = new Float64Array(K);
  const pulsed = new Float64Array(K * S);
  for (let t = train.start; t < train.end; t++) {
    classCounts[labels[t]]++;
    for (const place of contextOf(task, t)) pulsed[labels[t] * S + place]++;
  }
  const rate = pulsed.map((count, i) => (count + 1) / (classCounts[Math.floor(i / S)] + 2));
  // Log-probability of each class and a silent array, and what a pulse at a place adds to it.
  const silent = classCounts.map((count, k) =>
    rate.subarray(k * S, (k + 1) * S).reduce((sum, p) => sum + Math.log1p(-p), Math.log(count + 1)),
  );
  const gain = rate.map((p) => Math.log(p) - Math.log1p(-p));

  const probabilities = new Float64Array((test.end - test.start) * K);
  for (let t = test.start; t < test.end; t++) {
    const logs = silent.map((log, k) => contextOf(task, t).reduce((sum, i) => sum + gain[k * S + i], log));
    const top = logs.reduce((a, b) => Math.max(a, b));
    const weights = logs.map((log) => Math.exp(log - top));
    const total = weights.reduce((a, b) => a + b);
    probabilities.set(
      weights.map((weight) => weight / total),
      (t - test.start) * K,
    );
  }
  return { probabilities };
}
