import { expect, test } from "vitest";
import { squaredDistance } from "../../math/cluster.ts";
import { Random } from "../../math/random.ts";
import { PlaceCode, RankScale } from "./place-code.ts";

test("a rank is the share of smaller training values, linear in between, and rises with the value", () => {
  const scale = new RankScale([10, 40, 20, 20]);
  expect([10, 20, 40].map((v) => scale.rank(v))).toEqual([1 / 8, 1 / 2, 7 / 8]);
  expect(scale.rank(15)).toBeCloseTo((1 / 8 + 1 / 2) / 2, 12);
  expect([scale.rank(-99), scale.rank(99)]).toEqual([1 / 8, 7 / 8]);
});

test("pulses the nearest places, nearest first", () => {
  const values = Float64Array.from(Random.of(1).normals(400));
  const code = PlaceCode.fit(values, values, { lags: 2, count: 16 }, Random.of(2));
  const scale = new RankScale(values);
  for (let i = 0; i < 50; i++) {
    const history = Random.of(3, i).normals(2);
    const point = Array.from(history, (v) => scale.rank(v));
    const distance = (k: number) => squaredDistance(point, code.centres[k]);
    const chosen = [...code.encode(history, 4)];
    const sorted = Array.from({ length: 16 }, (_, k) => distance(k)).sort((a, b) => a - b);
    expect(chosen.map(distance)).toEqual(sorted.slice(0, 4));
    expect(new Set(chosen).size).toBe(4);
  }
});

test("does not mind the unit or a monotone bend of the values", () => {
  const values = Float64Array.from(Random.of(4).normals(300));
  const bent = values.map((v) => 1000 * Math.exp(v));
  const plain = PlaceCode.fit(values, values, { lags: 1, count: 8 }, Random.of(5));
  const other = PlaceCode.fit(bent, bent, { lags: 1, count: 8 }, Random.of(5));
  expect(other.centres).toEqual(plain.centres);
  values.forEach((v, i) => {
    expect(other.encode([bent[i]], 3)).toEqual(plain.encode([v], 3));
  });
});
