import fc from "fast-check";
import { expect, test } from "vitest";
import { extentOf, linearScale, niceExtent, tickDecimals, tickStep, ticks } from "./scale.ts";

test("a linear scale maps ends to ends, keeps ratios, and inverts a flipped range", () => {
  const y = linearScale([10, 30], [200, 0]);
  expect([y(10), y(30), y(20), y(25)]).toEqual([200, 0, 100, 50]);
  expect(linearScale([4, 4], [0, 100])(4)).toBe(50);
});

test("known ticks", () => {
  expect(ticks([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks([-1.3, 1.2], 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(ticks([0, 800], 5)).toEqual([0, 200, 400, 600, 800]);
  expect(ticks([3, 3], 5)).toEqual([3]);
  expect(niceExtent([-1.3, 1.2], 4)).toEqual([-1.5, 1.5]);
  expect(tickDecimals([0, 1], 5)).toBe(1);
  expect(tickDecimals([0, 800], 5)).toBe(0);
});

test("ticks are multiples of a step of 1, 2 or 5 times a power of ten, inside the extent, about as many as asked", () => {
  const extent = fc
    .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))
    .map(([lo, width]) => [lo, lo + width] as const);
  fc.assert(
    fc.property(extent, fc.integer({ min: 2, max: 10 }), ([lo, hi], count) => {
      const step = tickStep(lo, hi, count);
      const mantissa = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
      expect([1, 2, 5].some((m) => Math.abs(mantissa - m) < 1e-6)).toBe(true);
      const found = ticks([lo, hi], count);
      expect(found.length).toBeLessThanOrEqual(2 * count + 1);
      expect(found.length).toBeGreaterThanOrEqual(Math.floor(count / 2));
      for (const value of found) {
        expect(value).toBeGreaterThanOrEqual(lo - 1e-6 * step);
        expect(value).toBeLessThanOrEqual(hi + 1e-6 * step);
        expect(Math.abs(value / step - Math.round(value / step))).toBeLessThan(1e-3);
      }
      const [niceLo, niceHi] = niceExtent([lo, hi], count);
      expect(niceLo).toBeLessThanOrEqual(lo + 1e-6 * step);
      expect(niceHi).toBeGreaterThanOrEqual(hi - 1e-6 * step);
    }),
  );
});

test("an extent skips what is not finite", () => {
  expect(extentOf([3, Number.NaN, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 3]);
  expect(extentOf([])).toEqual([0, 1]);
});
