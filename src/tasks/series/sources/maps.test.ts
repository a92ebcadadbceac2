import { describe, expect, test } from "vitest";
import { Random } from "../../../math/random.ts";
import { henon, lorenz, mackeyGlass, sine } from "./maps.ts";

test("every Henon value follows from the two before it and stays on the attractor", () => {
  const x = henon(Random.of(1), 2000);
  for (let t = 2; t < x.length; t++) expect(x[t]).toBeCloseTo(1 - 1.4 * x[t - 1] ** 2 + 0.3 * x[t - 2], 12);
  expect(Math.min(...x)).toBeGreaterThan(-1.3);
  expect(Math.max(...x)).toBeLessThan(1.3);
});

test("Mackey-Glass agrees with plain Euler steps a hundred times finer", () => {
  const x = mackeyGlass(Random.of(2), 20, 0);
  const step = 0.001;
  const fine = [Random.of(2).uniform() + 0.5];
  for (let i = 0; i < 19 * 6000; i++) {
    const delayed = fine[Math.max(0, i - 17_000)];
    fine.push(fine[i] + step * ((0.2 * delayed) / (1 + delayed ** 10) - 0.1 * fine[i]));
  }
  x.forEach((value, i) => {
    expect(value).toBeCloseTo(fine[6000 * i], 3);
  });
});

test("Lorenz agrees with midpoint steps a hundred times finer", () => {
  const series = lorenz(Random.of(3), 12, 0);
  const random = Random.of(3);
  let [x, y, z] = [1 + random.normal(), 1 + random.normal(), 25 + random.normal()];
  const step = 0.0001;
  for (let i = 0; i < 11 * 1200; i++) {
    if (i % 1200 === 0) expect(series[i / 1200]).toBeCloseTo(x, 2);
    const slope = (a: number, b: number, c: number) => [10 * (b - a), a * (28 - c) - b, a * b - (8 / 3) * c];
    const [dx, dy, dz] = slope(x, y, z);
    const middle = slope(x + (step / 2) * dx, y + (step / 2) * dy, z + (step / 2) * dz);
    [x, y, z] = [x + step * middle[0], y + step * middle[1], z + step * middle[2]];
  }
});

test("the sine has its period and its noise", () => {
  const x = sine(Random.of(4), 16 * 500);
  const cycle = Array.from({ length: 16 }, (_, p) => {
    let sum = 0;
    for (let i = p; i < x.length; i += 16) sum += x[i] / 500;
    return sum;
  });
  expect(Math.max(...cycle)).toBeCloseTo(1, 1);
  const noise = Math.sqrt(x.reduce((sum, value, i) => sum + (value - cycle[i % 16]) ** 2, 0) / x.length);
  expect(noise).toBeGreaterThan(0.097);
  expect(noise).toBeLessThan(0.103);
});

describe.each([
  ["henon", henon],
  ["mackeyGlass", mackeyGlass],
  ["lorenz", lorenz],
  ["sine", sine],
])("%s", (_, make) => {
  test("is the same for the same seed, another for another, and begins the same when longer", () => {
    const x = make(Random.of(7), 100);
    expect(make(Random.of(7), 120).slice(0, 100)).toEqual(x);
    expect(make(Random.of(8), 100)).not.toEqual(x);
    expect(x.every(Number.isFinite)).toBe(true);
  });
});
