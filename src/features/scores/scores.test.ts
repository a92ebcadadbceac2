import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import { bestPairs } from "./assignment.ts";
import { detect } from "./detection.ts";
import { matchRows } from "./directions.ts";

function everyWay(rows: number, columns: number): number[][] {
  const ways = (row: number, used: number[]): number[][] => {
    if (row === rows) return [[]];
    const free = Array.from({ length: columns }, (_, j) => j).filter((j) => !used.includes(j));
    const choices = rows - row > free.length ? [...free, -1] : free;
    return choices.flatMap((j) => ways(row + 1, j < 0 ? used : [...used, j]).map((rest) => [j, ...rest]));
  };
  return ways(0, []);
}

test("the best pairing is the best of all pairings", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer(),
      (rows, columns, seed) => {
        const random = Random.of(seed, "pairs");
        const worth = Float64Array.from({ length: rows * columns }, () => random.uniform());
        const sum = (pairs: ArrayLike<number>) =>
          Array.from(pairs).reduce((total, j, i) => total + (j < 0 ? 0 : worth[i * columns + j]), 0);
        const pairs = bestPairs(worth, rows, columns);
        expect(new Set(pairs.filter((j) => j >= 0)).size).toBe(Math.min(rows, columns));
        expect(sum(pairs)).toBeCloseTo(Math.max(...everyWay(rows, columns).map(sum)), 9);
      },
    ),
    { numRuns: 60 },
  );
});

test("rows are matched whatever their order, sign and length; one without a pair counts as 0", () => {
  const values = Float32Array.of(1, 2, 0, 0, 1, 5, 3, 0, 1);
  const found = Float32Array.of(-6, 0, -2, 10, 20, 0);
  const { pairs, cosine } = matchRows({ values, rows: 3, width: 3 }, { values: found, rows: 2, width: 3 });
  expect([...pairs]).toEqual([1, -1, 0]);
  expect([...cosine].map((c) => Number(c.toFixed(6)))).toEqual([1, 0, 1]);
});

test("F1 with the tuned threshold is that of a search through all thresholds", () => {
  const random = Random.of(8, "detection");
  const [windows, J] = [300, 3];
  const there = Array.from({ length: windows }, (_, n) => n).filter(() => random.uniform() < 0.2);
  const isThere = new Set(there);
  const codes = Float32Array.from({ length: windows * J }, (_, i) => {
    const n = Math.floor(i / J);
    return i % J === 1 && isThere.has(n) ? 1 + random.integer(6) : random.integer(4);
  });
  const coded = { windows, codes, J, truth: [Uint32Array.from(there)] };
  const { pairs, f1 } = detect({ tuning: coded, scored: coded, native: coded });
  expect([...pairs]).toEqual([1]);
  const best = Math.max(
    ...[0, 1, 2, 3, 4, 5, 6].map((threshold) => {
      const said = there.filter((n) => codes[n * J + 1] > threshold).length;
      const all = Array.from({ length: windows }, (_, n) => codes[n * J + 1]).filter(
        (v) => v > threshold,
      ).length;
      return (2 * said) / (all + there.length);
    }),
  );
  expect(f1[0]).toBeCloseTo(best, 9);
});
