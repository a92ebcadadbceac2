import fc from "fast-check";
import { expect, test } from "vitest";
import { kMeans, squaredDistance } from "./cluster.ts";
import { Random } from "./random.ts";
import { rowsOf } from "./rows.ts";

test("finds the best of all partitions of a few points", () => {
  const points = Float64Array.from(Random.of(5).normals(2 * 8));
  let best = Number.POSITIVE_INFINITY;
  for (let mask = 1; mask < 255; mask++) {
    let inertia = 0;
    for (const side of [0, 1]) {
      const own = Array.from({ length: 8 }, (_, i) => i).filter((i) => ((mask >> i) & 1) === side);
      for (const d of [0, 1]) {
        const centre = own.reduce((sum, i) => sum + points[2 * i + d], 0) / own.length;
        inertia += own.reduce((sum, i) => sum + (points[2 * i + d] - centre) ** 2, 0);
      }
    }
    best = Math.min(best, inertia);
  }
  expect(kMeans(points, 2, 2, { random: Random.of(1), starts: 20 }).inertia).toBeCloseTo(best, 10);
});

test("centres are the means of their points and points belong to the nearest centre", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1000 }), (count, seed) => {
      const points = Float64Array.from(Random.of(seed, "points").normals(60));
      const { centres, assignment, inertia } = kMeans(points, 3, count, { random: Random.of(seed) });
      let sum = 0;
      for (const [i, point] of rowsOf(points, 3).entries()) {
        const distances = rowsOf(centres, 3).map((centre) => squaredDistance(point, centre));
        expect(distances[assignment[i]]).toBe(Math.min(...distances));
        sum += distances[assignment[i]];
      }
      expect(inertia).toBeCloseTo(sum, 9);
      for (let k = 0; k < count; k++) {
        const own = Array.from({ length: 20 }, (_, i) => i).filter((i) => assignment[i] === k);
        if (own.length > 0)
          for (const d of [0, 1, 2])
            expect(centres[3 * k + d]).toBeCloseTo(
              own.reduce((total, i) => total + points[3 * i + d], 0) / own.length,
              9,
            );
      }
    }),
    { numRuns: 50 },
  );
});

test("same seed, same bits; equal points do no harm; too many centres are refused", () => {
  const points = Float64Array.from(Random.of(2).normals(40));
  expect(kMeans(points, 2, 5, { random: Random.of(9) })).toEqual(
    kMeans(points, 2, 5, { random: Random.of(9) }),
  );
  expect(kMeans(new Float64Array(10).fill(3), 1, 4, { random: Random.of(1) }).inertia).toBe(0);
  expect(() => kMeans(points, 2, 21, { random: Random.of(1) })).toThrow("expected 1..20 centres, got 21");
});
