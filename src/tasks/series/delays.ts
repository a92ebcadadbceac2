/**
 * Which past values a context holds: for a series about which nothing is known, the delays with which naive Bayes
 * on the place code, fitted on the first four fifths of the training values, best decides the classes of the rest.
 * No test value enters.
 */

import { TaskError } from "../error.ts";
import { scorePrediction } from "../measures/score.ts";
import { predictNaiveBayes } from "./baselines/naive-bayes.ts";
import { codeSeries } from "./code-series.ts";
import type { CodeOptions } from "./contract.ts";

/** In steps before x_t; the simplest first, which win ties. */
export const candidateDelays: readonly (readonly number[])[] = [
  [0],
  [0, 1],
  [0, 2],
  [0, 3],
  [0, 1, 2],
  [0, 2, 4],
  [0, 2, 6],
  [0, 3, 6],
  [0, 1, 2, 3],
];

/** Values that a history of these delays reaches over, x_t included. */
export function spanOf(delays: readonly number[]): number {
  return Math.max(...delays) + 1;
}

/** The accuracy of each candidate on the last fifth of the training values, all on the same steps. */
function judgeDelays(
  training: Float64Array,
  candidates: readonly (readonly number[])[],
  classCount: number,
  options: CodeOptions,
): number[] {
  const longest = Math.max(...candidates.map(spanOf));
  const testCount = Math.floor((training.length - longest) / 5);
  const trainCount = training.length - longest - testCount;
  return candidates.map((delays) => {
    const values = training.subarray(longest - spanOf(delays));
    const task = codeSeries(
      { name: "delays", seed: 0, classCount, delays, values, notes: [] },
      { ...options, trainCount, testCount },
    );
    return scorePrediction(task, predictNaiveBayes(task)).accuracy;
  });
}

/** The best of `candidateDelays`; `[0, 1]` where the training values are too few or too coarse to judge by. */
export function chooseDelays(
  training: Float64Array,
  classCount: number,
  options: CodeOptions,
): readonly number[] {
  try {
    const accuracy = judgeDelays(training, candidateDelays, classCount, options);
    return candidateDelays[accuracy.indexOf(Math.max(...accuracy))];
  } catch (error) {
    if (error instanceof TaskError) return [0, 1];
    throw error;
  }
}
