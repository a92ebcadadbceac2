import { expect, test } from "vitest";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { type PoolData, poolWeights } from "./blend-fit.ts";

test("pooling finds the weights that the counts were drawn with, patch by patch, and gives noise none", () => {
  const random = Random.of(5, "pool");
  const truth = [
    [0.1, 0, 0.8, 0.5],
    [-0.1, 0, 0.4, 0.2],
  ];
  const patches = truth.map((weights): PoolData => {
    const data: PoolData = { features: [], counts: [], offset: [] };
    for (let n = 0; n < 30_000; n++) {
      const row = [1, random.normal(), random.normal(), random.normal()];
      data.features.push(...row);
      data.offset.push(-1);
      const log = row.reduce((sum, value, k) => sum + value * weights[k], -1);
      data.counts.push(drawPoisson(random, Math.exp(log)));
    }
    return data;
  });
  poolWeights(patches, [0, 0.3, 0.3, 0.3]).forEach((weights, p) => {
    weights.forEach((weight, k) => {
      expect(Math.abs(weight - truth[p][k])).toBeLessThan(0.05);
    });
  });
});

test("without data the prior stays", () => {
  const nothing: PoolData = { features: [], counts: [], offset: [] };
  expect(poolWeights([nothing, nothing], [0, 0.6, 0.4])).toEqual([
    [0, 0.6, 0.4],
    [0, 0.6, 0.4],
  ]);
});
