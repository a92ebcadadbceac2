import { expect, test } from "vitest";
import { bootstrapInterval } from "./interval.ts";
import { Random } from "./random.ts";

test("covers the true mean about 95 times in 100, with as few as 4 and 8 values", () => {
  for (const n of [4, 8]) {
    const random = Random.of(n, "coverage");
    const repeats = 300;
    let covered = 0;
    for (let i = 0; i < repeats; i++) {
      const [low, high] = bootstrapInterval([...random.normals(n)], i).ci95;
      if (low <= 0 && 0 <= high) covered++;
    }
    // Four values cannot bound a mean beyond their own range: P(all on one side) = 1/8.
    const [least, most] = n === 4 ? [0.83, 0.97] : [0.915, 0.985];
    expect(covered / repeats).toBeGreaterThan(least);
    expect(covered / repeats).toBeLessThan(most);
  }
});

test("is about t times the standard error wide where the sample is large and normal", () => {
  const values = [...Random.of(1, "wide").normals(200)];
  const { mean, ci95 } = bootstrapInterval(values);
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 199);
  const expected = (1.972 * deviation) / Math.sqrt(200); // t at 199 degrees of freedom
  expect((ci95[1] - ci95[0]) / 2 / expected).toBeCloseTo(1, 1);
});

test("same values and seed, same bits; the interval holds the mean and stays in the range", () => {
  const values = [0.31, 0.44, 0.29, 0.5, 0.41, 0.38, 0.36, 0.47];
  const a = bootstrapInterval(values, 3);
  expect(bootstrapInterval(values, 3)).toEqual(a);
  expect(bootstrapInterval(values, 4).ci95).not.toEqual(a.ci95);
  expect(a.perSeed).toEqual(values);
  expect(a.ci95[0]).toBeGreaterThanOrEqual(0.29);
  expect(a.ci95[0]).toBeLessThan(a.mean);
  expect(a.ci95[1]).toBeGreaterThan(a.mean);
  expect(a.ci95[1]).toBeLessThanOrEqual(0.5);
});

test("two values span their range, one is its own interval, none or NaN is refused", () => {
  expect(bootstrapInterval([1, 3]).ci95).toEqual([1, 3]);
  expect(bootstrapInterval([2]).ci95).toEqual([2, 2]);
  expect(() => bootstrapInterval([])).toThrow("at least one value");
  expect(() => bootstrapInterval([1, Number.NaN])).toThrow("got NaN");
});
