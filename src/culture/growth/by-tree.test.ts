/** Drawing those that meet against asking every pair: the same law. */
import { describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { meetOverTree, scaleOverTree } from "./by-tree.ts";
import { alongCurve } from "./curve.ts";
import { scaleOverPairs } from "./every-pair.ts";
import { distanceMm } from "./law.ts";
import { treeOf } from "./tree.ts";

const N = 240;
const random = Random.of(3, "cells");
/** Half of them in one corner, so that branches differ in size. */
const positionsMm = Float32Array.from({ length: 2 * N }, (_, k) => random.uniform() * (k < N ? 0.5 : 3));
const vigour = Float32Array.from({ length: N }, () => Math.exp(0.3 * random.normal()));
const heightsMm = Float32Array.from({ length: N }, (_, i) => random.uniform() * (i < N / 2 ? 0.5 : 2));
/** Above 1, so that near pairs always meet. */
const P0 = 1.4;

describe.each([
  ["on a sheet", { positionsMm }],
  ["in space", { positionsMm, heightsMm }],
])("meetOverTree %s", (_where, places) => {
  const law = { ...places, vigour, fullReachMm: 0.3 };
  const tree = treeOf(places);
  /** Asked of every pair, in words of its own. */
  const apartMm = (i: number, j: number) =>
    Math.hypot(
      positionsMm[2 * i] - positionsMm[2 * j],
      positionsMm[2 * i + 1] - positionsMm[2 * j + 1],
      "heightsMm" in places ? heightsMm[i] - heightsMm[j] : 0,
    );
  const chanceOf = (i: number, j: number) => Math.min(1, P0 * Math.exp(-apartMm(i, j) / (0.3 * vigour[i])));

  const SEEDS = 200;
  const counts = new Float64Array(N * N);
  /** Of the luck of pairs that met, as a share of their chance. */
  const tenths = new Float64Array(10);
  let outOfOrder = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    let last = -1;
    meetOverTree({ tree, law, p0: P0, luck: Random.of(seed, "luck") }, (i, j, apart, neededMm) => {
      if (i * N + j <= last) outOfOrder++;
      last = i * N + j;
      counts[last]++;
      const luck = P0 * Math.exp(-apart / (vigour[i] * neededMm));
      tenths[Math.min(9, Math.floor((10 * luck) / chanceOf(i, j)))]++;
    });
  }

  it("comes by axon, then by the cell met, no pair twice", () => {
    expect(outOfOrder).toBe(0);
  });

  it("lets each pair meet with its own chance: chi-square over distances, and over axons", () => {
    const classes = (of: (i: number, j: number) => number, many: number) => {
      const [found, mean, variance] = [0, 0, 0].map(() => new Float64Array(many));
      for (let i = 0; i < N; i++)
        for (let j = 0; j < N; j++) {
          if (i === j) continue;
          const chance = chanceOf(i, j);
          const at = of(i, j);
          found[at] += counts[i * N + j];
          mean[at] += SEEDS * chance;
          variance[at] += SEEDS * chance * (1 - chance);
        }
      return found.reduce(
        (sum, n, at) => sum + (variance[at] > 0 ? (n - mean[at]) ** 2 / variance[at] : 0),
        0,
      );
    };
    // Mean `many`, standard deviation sqrt(2 many); five of those are allowed.
    expect(classes((i, j) => Math.floor(apartMm(i, j) / 0.1), 45)).toBeLessThan(45 + 5 * Math.sqrt(90));
    expect(classes((i) => i, N)).toBeLessThan(N + 5 * Math.sqrt(2 * N));
    expect(classes((_, j) => j, N)).toBeLessThan(N + 5 * Math.sqrt(2 * N));
    let never = 0;
    let always = 0;
    for (let i = 0; i < N; i++)
      for (let j = 0; j < N; j++)
        if (i === j) never += counts[i * N + j];
        else if (chanceOf(i, j) === 1) always += SEEDS - counts[i * N + j];
    expect([never, always]).toEqual([0, 0]);
  });

  it("gives the reach at which they meet the distribution of luck", () => {
    const mean = tenths.reduce((sum, n) => sum + n, 0) / 10;
    expect(tenths.reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0)).toBeLessThan(35);
  });

  it("finds the scale that asking every pair finds, to 0.2 %", () => {
    for (const wanted of [10 * N, 60 * N]) {
      const ratio = scaleOverTree(tree, law, wanted) / scaleOverPairs(law, wanted);
      expect(Math.abs(ratio - 1)).toBeLessThan(0.002);
    }
  });
});

it("finds the same of more cells than it looks at", () => {
  const many = 2000;
  const law = {
    positionsMm: Float32Array.from({ length: 2 * many }, () => random.uniform()),
    heightsMm: Float32Array.from({ length: many }, () => random.uniform()),
    vigour: Float32Array.from({ length: many }, () => Math.exp(0.2 * random.normal())),
    fullReachMm: 0.3,
  };
  const ratio = scaleOverTree(treeOf(law), law, 50 * many) / scaleOverPairs(law, 50 * many);
  expect(Math.abs(ratio - 1)).toBeLessThan(0.002);
});

it("orders cells along a curve of neighbours", () => {
  // The centres of a grid of 8 x 8 squares, or 8 x 8 x 8 cubes: each step of the curve goes to a neighbour, and each is visited once.
  for (const count of [64, 512]) {
    const grid = {
      positionsMm: Float32Array.from({ length: 2 * count }, (_, k) => (k % 2 ? (k >> 4) % 8 : (k >> 1) % 8)),
      ...(count === 512 && { heightsMm: Float32Array.from({ length: count }, (_, i) => i >> 6) }),
    };
    const order = [...alongCurve(grid)];
    expect([...order].sort((a, b) => a - b)).toEqual(order.map((_, k) => k));
    for (let k = 1; k < count; k++) expect(distanceMm(grid, order[k - 1], order[k])).toBe(1);
  }
});
