import fc from "fast-check";
import { expect, test } from "vitest";
import { openSeries } from "../series/open.ts";
import { accuracy, FLOOR_SHARE, nllNats, nrmse, scorePrediction } from "./score.ts";

test("nll of the uniform distribution is ln K, and a certain mistake costs ln(K / floor)", () => {
  expect(nllNats(Array(8).fill(1 / 8), [3], 8)).toBeCloseTo(Math.log(8), 12);
  expect(nllNats([1, 0], [1], 2)).toBeCloseTo(Math.log(2 / FLOOR_SHARE), 12);
  expect(nllNats([0.25, 0.75, 0.5, 0.5], [1, 0], 2)).toBeCloseTo(
    -(Math.log(0.999 * 0.75 + 0.0005) + Math.log(0.5)) / 2,
    12,
  );
});

test("a tie counts what breaking it at random gives", () => {
  expect(accuracy([1, 1, 0], [0], 3)).toBe(1 / 2);
  expect(accuracy([1, 1, 0], [2], 3)).toBe(0);
  expect(accuracy([0, 0, 0, 0, 2, 1], [0, 1], 3)).toBeCloseTo((1 / 3 + 1) / 2, 12);
  const rows = fc.array(fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    // Over all labels of a row the credits add up to one.
    fc.property(rows, (table) => {
      const total = [0, 1, 2, 3].reduce(
        (sum, k) =>
          sum +
          accuracy(
            table.flat(),
            table.map(() => k),
            4,
          ),
        0,
      );
      expect(total).toBeCloseTo(1, 12);
    }),
  );
});

test("nrmse of the mean is one, of the truth zero", () => {
  const truth = [1, 5, 2, 8];
  expect(nrmse([4, 4, 4, 4], truth)).toBeCloseTo(1, 12);
  expect(nrmse(truth, truth)).toBe(0);
});

test("scores the truth as right and refuses a distribution of the wrong size", async () => {
  const task = (await openSeries({ series: "henon" })).code(1, { trainCount: 200, testCount: 50 });
  const labels = task.labels.subarray(task.test.start, task.test.end);
  const probabilities = new Float64Array(50 * 8);
  labels.forEach((k, t) => {
    probabilities[8 * t + k] = 1;
  });
  const score = scorePrediction(task, { probabilities });
  expect(score.accuracy).toBe(1);
  expect(score.nllNats).toBeLessThan(0.001);
  expect(score.nrmse).toBeLessThan(0.3); // what is left is the width of a class
  const wrong = labels.map((k) => (k + 1) % 8);
  expect(scorePrediction(task, { probabilities, decisions: wrong }).accuracy).toBe(0);
  expect(() => scorePrediction(task, { probabilities: new Float64Array(3) })).toThrow("expected 50 x 8");
});
