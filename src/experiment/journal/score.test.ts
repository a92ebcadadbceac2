import { expect, test } from "vitest";
import { keptScore } from "./score.ts";

/** Two brains that say one of two words to two data, of which the first is right each time: one is sure of it, one is not. */
const spoken = {
  steps: 2,
  brains: 2,
  classes: 2,
  probabilities: Float32Array.from([0.9, 0.1, 0.4, 0.6, 0.9, 0.1, 0.6, 0.4]),
  answers: Int32Array.from([0, 0]),
};
const question = { name: "word", answers: 2, brains: [0, 1], wordOf: (_: number, answer: number) => answer };
const task = { questions: [question] };
const scores = [
  { accuracy: 1, nllNats: 0.1, nrmse: null },
  { accuracy: 0.5, nllNats: 0.7, nrmse: null },
];

test("of several brains each one's score is kept, and that of all together", () => {
  expect(keptScore(task, { scores, countAccuracy: 0.7, spoken })).toEqual({
    accuracy: 1,
    countAccuracy: 0.7,
    brains: scores,
  });
});

test("where no series is known ahead, as in a game, how often each was right", () => {
  expect(keptScore(task, { scores: null, countAccuracy: 0.7, spoken })).toEqual({
    accuracy: 1,
    countAccuracy: 0.7,
    brains: [{ accuracy: 1 }, { accuracy: 0.5 }],
  });
});

test("of one culture on a series it is its score", () => {
  const one = { ...spoken, brains: 1 };
  expect(keptScore(task, { scores: [scores[1]], countAccuracy: 0.7, spoken: one })).toEqual({
    ...scores[1],
    countAccuracy: 0.7,
  });
});
