import { describe, expect, it } from "vitest";
import type { Question } from "../contract.ts";
import {
  bestBrainAccuracy,
  brainAccuracies,
  jointAccuracy,
  lossWithout,
  majorityAccuracy,
  type Spoken,
} from "./decide.ts";

/** Three brains on two classes; each row: the probability of class 1 by brain. */
const spokenOf = (rows: readonly (readonly number[])[], answers: readonly number[]): Spoken => ({
  steps: rows.length,
  brains: rows[0].length,
  classes: 2,
  answers: Int32Array.from(answers),
  probabilities: Float32Array.from(rows.flat().flatMap((p) => [1 - p, p])),
});
const plain: Question = { name: "q", answers: 2, brains: [0, 1, 2], wordOf: (_, answer) => answer };

describe("decisions", () => {
  it("follow the product of all, the votes of most, and each alone", () => {
    // One sure brain outweighs two that lean the other way in the product, and loses the vote.
    const spoken = spokenOf([[0.99, 0.4, 0.4]], [1]);
    expect(jointAccuracy(spoken, [plain])).toBe(1);
    expect(majorityAccuracy(spoken, [plain])).toBe(0);
    expect(brainAccuracies(spoken, [plain])).toEqual([1, 0, 0]);
    expect(lossWithout(spoken, [plain])).toEqual([1, 0, 0]);
  });

  it("put words together that no brain understands alone", () => {
    // Four answers; brain 0 tells the upper two from the lower two, brain 1 the odd from the even.
    const question: Question = {
      name: "q",
      answers: 4,
      brains: [0, 1],
      wordOf: (brain, answer) => (brain === 0 ? Math.floor(answer / 2) : answer % 2),
    };
    const rows = [0, 1, 2, 3].map((answer) =>
      [0, 1].map((brain) => (question.wordOf(brain, answer) === 1 ? 0.9 : 0.1)),
    );
    const spoken = spokenOf(rows, [0, 1, 2, 3]);
    expect(jointAccuracy(spoken, [question])).toBe(1);
    expect(brainAccuracies(spoken, [question])).toEqual([0.5, 0.5]);
  });

  it("choose the best brain on the first half and score it on the second", () => {
    const rows = [
      [0.9, 0.1, 0.1],
      [0.9, 0.1, 0.1],
      [0.1, 0.9, 0.1],
      [0.9, 0.9, 0.1],
    ];
    expect(bestBrainAccuracy(spokenOf(rows, [1, 1, 1, 1]), [plain])).toBe(0.5);
  });

  it("choose a best brain for each question out of those that know of it", () => {
    const questions = [0, 1].map((own): Question => ({ ...plain, name: `${own}`, brains: [own, 2] }));
    // Right answers 1 and 0: brain 0 is right on its question, brain 1 on none, brain 2 on the second.
    const rows = Array.from({ length: 4 }, () => [0.9, 0.9, 0.1]);
    const answers = rows.flatMap(() => [1, 0]);
    expect(bestBrainAccuracy(spokenOf(rows, answers), questions)).toBe(1);
    expect(jointAccuracy(spokenOf(rows, answers), questions)).toBe(0.5);
  });
});
