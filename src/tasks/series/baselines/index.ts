/** All baselines that need no culture, under the names that reports give them. */

import { type Prediction, type Score, scorePrediction } from "../../measures/score.ts";
import type { CodedSeries } from "../contract.ts";
import { predictLinear } from "./linear-ar.ts";
import { predictNaiveBayes } from "./naive-bayes.ts";
import { predictChance, predictMarkov, predictPersistence } from "./simple.ts";

export type BaselineName = "chance" | "persistence" | "markov" | "linearAR" | "naiveBayes";

/** The baselines that are defined for the task; a linear prediction of symbols is not. */
export function predictBaselines(task: CodedSeries): Map<BaselineName, Prediction> {
  const predictions = new Map<BaselineName, Prediction>([
    ["chance", predictChance(task)],
    ["persistence", predictPersistence(task)],
    ["markov", predictMarkov(task)],
    ["naiveBayes", predictNaiveBayes(task)],
  ]);
  if (task.kind === "series") predictions.set("linearAR", predictLinear(task));
  return predictions;
}

export function scoreBaselines(task: CodedSeries): Map<BaselineName, Score> {
  return new Map(
    [...predictBaselines(task)].map(([name, prediction]) => [name, scorePrediction(task, prediction)]),
  );
}
