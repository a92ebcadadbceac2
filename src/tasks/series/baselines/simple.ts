/** The baselines that hardly look: chance, persistence and the order-1 Markov chain of classes. */
import { mean } from "../../../math/statistics.ts";
import type { Prediction } from "../../measures/score.ts";
import type { CodedSeries } from "../contract.ts";

/** Every class equally likely; the value is the training mean. */
export function predictChance(task: CodedSeries): Prediction {
  const T = task.test.end - task.test.start;
  return {
    probabilities: new Float64Array(T * task.classCount).fill(1 / task.classCount),
    values: new Float64Array(T).fill(mean(task.nextValues.subarray(task.train.start, task.train.end))),
  };
}

/**
 * x_{t+1} = x_t. The class of x_t has the probability with which classes stayed in training (add-one smoothed),
 * the others share the rest.
 */
export function predictPersistence(task: CodedSeries): Prediction {
  const { train, test, classCount: K, labels, currentLabels } = task;
  let stays = 0;
  for (let t = train.start; t < train.end; t++) if (labels[t] === currentLabels[t]) stays++;
  const stay = (stays + 1) / (train.end - train.start + 2);
  const probabilities = new Float64Array((test.end - test.start) * K).fill((1 - stay) / (K - 1));
  const decisions = currentLabels.slice(test.start, test.end);
  decisions.forEach((k, t) => {
    probabilities[t * K + k] = stay;
  });
  const values = Float64Array.from(decisions, (_, t) => task.history[(test.start + t) * task.lags]);
  return { probabilities, decisions, values };
}

/** P(class of x_{t+1} | class of x_t), counted in training, add-one smoothed. */
export function predictMarkov(task: CodedSeries): Prediction {
  const { train, test, classCount: K, labels, currentLabels } = task;
  const counts = new Float64Array(K * K).fill(1);
  for (let t = train.start; t < train.end; t++) counts[currentLabels[t] * K + labels[t]]++;
  const probabilities = new Float64Array((test.end - test.start) * K);
  for (let t = test.start; t < test.end; t++) {
    const row = counts.subarray(currentLabels[t] * K, (currentLabels[t] + 1) * K);
    const total = row.reduce((sum, count) => sum + count, 0);
    probabilities.set(
      row.map((count) => count / total),
      (t - test.start) * K,
    );
  }
  return { probabilities };
}
