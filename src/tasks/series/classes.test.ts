import fc from "fast-check";
import { expect, test } from "vitest";
import { classEdges, classMeans, classOf } from "./classes.ts";

const countsOf = (values: number[], edges: Float64Array) => {
  const counts: number[] = Array(edges.length + 1).fill(0);
  for (const value of values) counts[classOf(edges, value)]++;
  return counts;
};

test("distinct values fall into classes of equal mass", () => {
  const values = Array.from({ length: 80 }, (_, i) => ((i * 37) % 80) ** 2);
  expect(countsOf(values, classEdges(values, 8))).toEqual(Array(8).fill(10));
});

test("no class is empty, no value is on an edge, means rise and lie in their class, however coarse", () => {
  const values = fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 8, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 8 }), (sample, K) => {
      fc.pre(new Set(sample).size >= K);
      const edges = classEdges(sample, K);
      expect(countsOf(sample, edges).every((count) => count > 0)).toBe(true);
      expect(sample.some((value) => edges.includes(value))).toBe(false);
      const means = classMeans(sample, edges);
      means.forEach((value, k) => {
        expect(classOf(edges, value)).toBe(k);
      });
    }),
    { numRuns: 300 },
  );
});

test("a mass of equal values takes a class of its own and no neighbour's", () => {
  const values = [...Array(50).fill(0), 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const edges = classEdges(values, 4);
  expect(edges[0]).toBe(0.5);
  expect(countsOf(values, edges)[0]).toBe(50);
});

test("refuses a constant and too few different values", () => {
  expect(() => classEdges([3, 3, 3], 8)).toThrow("every training value is 3");
  expect(() => classEdges([1, 2, 1, 2], 8)).toThrow(
    "at least 8 different training values for 8 classes, got 2",
  );
});
