import { expect, it } from "vitest";
import { growSheet, sheetDefaults } from "./anatomy.ts";

const anatomy = growSheet(7);
const { pre, post, delayMs, weight } = anatomy.synapses;
const distanceMm = (i: number, j: number) =>
  Math.hypot(
    anatomy.positionsMm[2 * i] - anatomy.positionsMm[2 * j],
    anatomy.positionsMm[2 * i + 1] - anatomy.positionsMm[2 * j + 1],
  );

it("grows the same sheet for the same seed and another for another", () => {
  expect(Buffer.compare(Buffer.from(growSheet(7).synapses.post.buffer), Buffer.from(post.buffer))).toBe(0);
  expect(growSheet(8).positionsMm[0]).not.toBe(anatomy.positionsMm[0]);
});

it("has the wanted out-degree and no synapse of a cell onto itself", () => {
  expect(Math.abs(pre.length / 1000 - 100)).toBeLessThan(1.5); // sd: 0.3
  expect(pre.every((i, k) => i !== post[k])).toBe(true);
});

it("connects with probability p0 e^(-distance / reach), p0 about 0.53", () => {
  const width = 0.2;
  const pairs = new Float64Array(5);
  const nearness = new Float64Array(5);
  const synapses = new Float64Array(5);
  const bin = (distance: number) => Math.floor(distance / width);
  for (let i = 0; i < 1000; i++)
    for (let j = 0; j < 1000; j++)
      if (i !== j && bin(distanceMm(i, j)) < 5) {
        pairs[bin(distanceMm(i, j))]++;
        nearness[bin(distanceMm(i, j))] += Math.exp(-distanceMm(i, j) / sheetDefaults.reachMm);
      }
  pre.forEach((i, k) => {
    const at = bin(distanceMm(i, post[k]));
    if (at < 5) synapses[at]++;
  });
  for (let at = 0; at < 5; at++) {
    const p0 = synapses[at] / nearness[at];
    expect(p0).toBeGreaterThan(0.5);
    expect(p0).toBeLessThan(0.56);
  }
});

it("gives synapses the delays and mean weights of their kind", () => {
  const errors = Array.from(pre, (i, k) =>
    Math.ceil(1e5 * Math.abs(delayMs[k] - 1 - distanceMm(i, post[k]) / 0.3)),
  );
  expect(errors.reduce((most, error) => Math.max(most, error), 0)).toBeLessThanOrEqual(1); // unit: 1e-5 ms
  const mean = (fromE: boolean, toE: boolean) => {
    const kind = weight.filter((_, k) => pre[k] < 800 === fromE && post[k] < 800 === toE);
    return kind.reduce((sum, w) => sum + w, 0) / kind.length;
  };
  expect(mean(true, true) / 0.03).toBeCloseTo(1, 1);
  expect(mean(true, false) / 0.05).toBeCloseTo(1, 1);
  expect(mean(false, true) / 0.15).toBeCloseTo(1, 1);
  expect(mean(false, false) / 0.1).toBeCloseTo(1, 1);
});
