import { expect, test } from "vitest";
import { drawPoisson } from "./poisson.ts";
import { Random } from "./random.ts";

test.each([0, 0.1, 3, 40])("draws of mean %d have that mean and variance", (mean) => {
  const random = Random.of(1, "poisson", mean);
  const n = 20_000;
  const draws = Array.from({ length: n }, () => drawPoisson(random, mean));
  const average = draws.reduce((a, b) => a + b, 0) / n;
  const variance = draws.reduce((a, b) => a + (b - average) ** 2, 0) / n;
  expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / n) + 1e-9);
  expect(Math.abs(variance - mean)).toBeLessThan(0.05 * mean + 1e-9);
});
