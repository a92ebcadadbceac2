import { expect, test } from "vitest";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { poolWeights } from "./blend-fit.ts";

test("pooling finds the weights that the counts were drawn with, and gives noise none", () => {
  const random = Random.of(5, "pool");
  const rates: number[][] = [[], [], []];
  const counts: number[] = [];
  for (let n = 0; n < 30_000; n++) {
    const [noise, one, other] = [0, 1, 2].map(() => 0.3 * Math.exp(random.normal()));
    for (const [k, rate] of [noise!, one!, other!].entries()) rates[k]!.push(rate);
    counts.push(drawPoisson(random, 0.7 * one! + 0.3 * other!));
  }
  const weights = poolWeights(rates, counts, [1 / 3, 1 / 3, 1 / 3], 1);
  expect(weights[0]).toBeLessThan(0.05);
  expect(Math.abs(weights[1]! - 0.7)).toBeLessThan(0.06);
  expect(Math.abs(weights[2]! - 0.3)).toBeLessThan(0.06);
  // No neighbour is likelier: the likelihood is concave, so this is the greatest.
  const likelihood = (at: readonly number[]) =>
    counts.reduce((sum, count, n) => {
      const rate = at.reduce((all, value, k) => all + value * rates[k]![n]!, 0);
      return sum + count * Math.log(rate) - rate;
    }, 0);
  const here = likelihood(weights);
  for (let k = 0; k < 3; k++)
    for (const step of [-0.02, 0.02])
      expect(
        likelihood(weights.map((value, j) => Math.max(1e-6, value + (j === k ? step : 0)))),
      ).toBeLessThan(here + 1);
});

test("without data the prior stays", () => {
  const weights = poolWeights([[], []], [], [0.6, 0.4], 10);
  expect(weights[0]).toBeCloseTo(0.6, 9);
  expect(weights[1]).toBeCloseTo(0.4, 9);
});
