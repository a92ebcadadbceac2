import fc from "fast-check";
import { expect, test } from "vitest";
import { pearson, ranks, spearman } from "./correlation.ts";

test("pearson of a worked example", () => {
  // On paper: sums of products 14.75, 8.75 and 28.75.
  expect(pearson([1, 2, 3, 5], [2, 1, 4, 8])).toBeCloseTo(14.75 / Math.sqrt(8.75 * 28.75), 12);
});

test("pearson is unmoved by scale and shift, and is one of a line", () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 20 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 9 }), fc.integer(), (x, scale, shift) => {
      fc.pre(new Set(x).size > 1);
      const line = x.map((v) => scale * v + shift);
      expect(pearson(x, line)).toBeCloseTo(1, 6);
      expect(
        pearson(
          x,
          line.map((v) => -v),
        ),
      ).toBeCloseTo(-1, 6);
    }),
  );
});

test("a constant has no correlation, unequal lengths are refused", () => {
  expect(pearson([1, 1], [1, 2])).toBeNaN();
  expect(() => pearson([1], [1, 2])).toThrow("got 1 and 2");
});

test("ranks share ties, and spearman sees any monotone map as one", () => {
  expect([...ranks([10, 30, 20, 20])]).toEqual([1, 4, 2.5, 2.5]);
  expect(spearman([1, 2, 3, 4], [1, 8, 27, 64])).toBeCloseTo(1, 12);
  // On paper: ranks 1 2 3.5 5 3.5 against 1 2 3 4 5, sums of products 8, 10 and 9.5.
  expect(spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(8 / Math.sqrt(10 * 9.5), 12);
});
