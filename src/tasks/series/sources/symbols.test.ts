import { expect, test } from "vitest";
import { Random } from "../../../math/random.ts";
import { symbolCycle } from "./symbols.ts";

test("without jumps, every symbol comes once per turn, in the same order", () => {
  for (const K of [2, 8, 13]) {
    const row = symbolCycle(Random.of(K), 5 * K, K, 0);
    expect(new Set(row.subarray(0, K)).size).toBe(K);
    for (let t = K; t < row.length; t++) expect(row[t]).toBe(row[t - K]);
  }
});

test("with 20 % jumps, 82.5 % of the steps follow the cycle and the rest are even", () => {
  const n = 40_000;
  const row = symbolCycle(Random.of(1), n + 1, 8, 0.2);
  const counts = Array.from({ length: 8 }, () => new Float64Array(8));
  for (let t = 0; t < n; t++) counts[row[t]][row[t + 1]]++;
  let followed = 0;
  for (const from of counts) {
    const sorted = [...from].sort((a, b) => b - a);
    followed += sorted[0];
    const total = sorted.reduce((a, b) => a + b);
    for (const rare of sorted.slice(1)) expect(Math.abs(rare / total - 0.025)).toBeLessThan(0.012);
  }
  expect(Math.abs(followed / n - 0.825)).toBeLessThan(0.01);
  expect(new Set(counts.map((from) => from.indexOf(Math.max(...from)))).size).toBe(8);
});
