import fc from "fast-check";
import { expect, test } from "vitest";
import { mean, median, quantile, sampleDeviation, variance } from "./statistics.ts";

test("mean and spread of a small sample", () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(variance([1, 2, 6])).toBeCloseTo(14 / 3, 12);
  expect(sampleDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt(7), 12);
});

test("quantiles as numpy.quantile([3, 1, 4, 1, 5], [0, .1, .25, .5, .9, 1]) gives them", () => {
  const expected = [1, 1, 1, 3, 4.6, 5];
  [0, 0.1, 0.25, 0.5, 0.9, 1].forEach((q, i) => {
    expect(quantile([3, 1, 4, 1, 5], q)).toBeCloseTo(expected[i], 12);
  });
  expect(median([2, 9])).toBe(5.5);
});

test("quantiles lie between the extremes and rise with their share", () => {
  const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(sample, share, share, (values, a, b) => {
      const [low, high] = [quantile(values, Math.min(a, b)), quantile(values, Math.max(a, b))];
      expect(low).toBeGreaterThanOrEqual(Math.min(...values));
      expect(high).toBeLessThanOrEqual(Math.max(...values));
      expect(low).toBeLessThanOrEqual(high + 1e-9);
    }),
  );
});

test("refuses an empty sample and a share outside [0, 1]", () => {
  expect(() => quantile([], 0.5)).toThrow("at least one value");
  expect(() => quantile([1], 1.5)).toThrow("got 1.5");
});
