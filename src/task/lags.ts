/**
 * How many past values a context needs, judged on training values alone: the count of lags with which naive Bayes
 * on the place code, fitted on the first four fifths, best decides the classes of the last fifth.
 */
import { predictNaiveBayes } from "./baselines/naive-bayes.ts";
import { codeSeries } from "./code-series.ts";
import type { CodeOptions } from "./contract.ts";
import { scorePrediction } from "./score.ts";

export interface LagChoice {
  readonly lags: number;
  /** Accuracy with 1, 2, ... lags. */
  readonly accuracy: readonly number[];
}

/** @param training the values of the training steps @param most the largest count of lags to try */
export function chooseLags(
  training: Float64Array,
  classCount: number,
  options: CodeOptions,
  most = 4,
): LagChoice {
  const testCount = Math.floor((training.length - most) / 5);
  const trainCount = training.length - most - testCount;
  const accuracy = Array.from({ length: most }, (_, i) => {
    // The same steps for every count of lags: drop what only the longest history would need.
    const values = training.subarray(most - 1 - i);
    const task = codeSeries(
      { name: "lags", seed: 0, classCount, lags: i + 1, values, notes: [] },
      { ...options, trainCount, testCount },
    );
    return scorePrediction(task, predictNaiveBayes(task)).accuracy;
  });
  return { lags: accuracy.indexOf(Math.max(...accuracy)) + 1, accuracy };
}
