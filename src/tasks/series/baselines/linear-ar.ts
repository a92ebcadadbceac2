/**
 * Linear autoregression on the lags that the culture is shown: ridge least squares; its class probabilities are
 * those of a normal distribution about its value with the training residuals' spread. Series only.
 */
import { applyLinear, fitRidge } from "../../../math/linear.ts";
import { normalCdf } from "../../../math/student.ts";
import type { Prediction } from "../../measures/score.ts";
import { classOf } from "../classes.ts";
import type { CodedSeries } from "../contract.ts";

const RIDGE = 1e-6;

export function predictLinear(task: CodedSeries): Prediction {
  const { train, test, lags, classCount: K, classEdges: edges } = task;
  const inputs = task.history.subarray(train.start * lags, train.end * lags);
  const targets = task.nextValues.subarray(train.start, train.end);
  const fit = fitRidge(inputs, targets, RIDGE);
  const fitted = applyLinear(fit, inputs);
  const squares = fitted.reduce((sum, value, t) => sum + (value - targets[t]) ** 2, 0);
  const spread = Math.sqrt(squares / Math.max(1, targets.length - lags - 1)) || Number.MIN_VALUE;

  const values = applyLinear(fit, task.history.subarray(test.start * lags, test.end * lags));
  const probabilities = new Float64Array(values.length * K);
  for (let t = 0; t < values.length; t++)
    for (let k = 0, below = 0; k < K; k++) {
      const upTo = k < K - 1 ? normalCdf((edges[k] - values[t]) / spread) : 1;
      probabilities[t * K + k] = upTo - below;
      below = upTo;
    }
  return { probabilities, decisions: Uint8Array.from(values, (value) => classOf(edges, value)), values };
}
