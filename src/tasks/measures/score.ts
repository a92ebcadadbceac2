/**
 * Scores of a prediction on the test steps, the same for a culture, an emulator and a baseline.
 *
 * - nllNats: mean of -ln p(true class), after mixing each distribution with `FLOOR_SHARE` of the uniform one, so
 *   that a single certain mistake costs ln(K / FLOOR_SHARE) (9.0 nats at 8 classes) and not infinity.
 * - accuracy: share of steps decided rightly; a tie of m classes that holds the true one counts 1/m, which is what
 *   breaking it at random gives on average.
 * - nrmse: root mean squared error of the value over the standard deviation of the true test values.
 */
import { variance } from "../../math/statistics.ts";
import { type CodedSeries, expectedValue } from "../series/contract.ts";

export const FLOOR_SHARE = 0.001;

export interface Prediction {
  /** Probability of each class at each test step, rows summing to 1, shape `[T, K]`. */
  readonly probabilities: Float64Array;
  /** The class decided on where that is not simply the most probable one, shape `[T]`. */
  readonly decisions?: Uint8Array;
  /** Predicted x_{t+1}, shape `[T]`; without it, the expectation sum_k p_k m_k. */
  readonly values?: Float64Array;
}

export interface Score {
  readonly nllNats: number;
  readonly accuracy: number;
  /** Null for symbols, which have no values. */
  readonly nrmse: number | null;
}

/** Scores a prediction of the task's test steps. */
export function scorePrediction(task: CodedSeries, prediction: Prediction): Score {
  const { start, end } = task.test;
  const K = task.classCount;
  const T = end - start;
  if (prediction.probabilities.length !== T * K)
    throw new RangeError(
      `scorePrediction: expected ${T} x ${K} probabilities, got ${prediction.probabilities.length}`,
    );
  const labels = task.labels.subarray(start, end);
  const values = prediction.values ?? expectedValues(task, prediction.probabilities);
  return {
    nllNats: nllNats(prediction.probabilities, labels, K),
    accuracy: prediction.decisions
      ? shareEqual(prediction.decisions, labels)
      : accuracy(prediction.probabilities, labels, K),
    nrmse: task.kind === "symbols" ? null : nrmse(values, task.nextValues.subarray(start, end)),
  };
}

/** @param probabilities shape `[T, K]` @param labels shape `[T]` */
export function nllNats(probabilities: ArrayLike<number>, labels: ArrayLike<number>, K: number): number {
  let sum = 0;
  for (let t = 0; t < labels.length; t++)
    sum -= Math.log((1 - FLOOR_SHARE) * probabilities[t * K + labels[t]] + FLOOR_SHARE / K);
  return sum / labels.length;
}

/** @param scores any numbers of which the largest decides, shape `[T, K]` @param labels shape `[T]` */
export function accuracy(scores: ArrayLike<number>, labels: ArrayLike<number>, K: number): number {
  let right = 0;
  for (let t = 0; t < labels.length; t++) {
    const own = scores[t * K + labels[t]];
    let [ties, beaten] = [0, false];
    for (let k = 0; k < K; k++) {
      if (scores[t * K + k] > own) beaten = true;
      if (scores[t * K + k] === own) ties++;
    }
    if (!beaten && ties > 0) right += 1 / ties;
  }
  return right / labels.length;
}

export function nrmse(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < truth.length; t++) sum += (predicted[t] - truth[t]) ** 2;
  return Math.sqrt(sum / truth.length / variance(truth));
}

/** sum_k p_k m_k for each row of `probabilities`, shape `[T, K]`. */
function expectedValues(task: CodedSeries, probabilities: Float64Array): Float64Array {
  const K = task.classCount;
  return Float64Array.from({ length: probabilities.length / K }, (_, t) =>
    expectedValue(task, probabilities.subarray(t * K, (t + 1) * K)),
  );
}

function shareEqual(decisions: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0;
  for (let t = 0; t < labels.length; t++) if (decisions[t] === labels[t]) right++;
  return right / labels.length;
}
