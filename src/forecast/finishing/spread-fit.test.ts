import { expect, test } from "vitest";
import { Noise, tensor } from "../../compute/index.ts";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { HISTORY_BINS } from "../heads/spike-history.ts";
import { sampleCounts } from "../rollout/drawn-counts.ts";
import { type PatchCount, spreadOf } from "./spread-fit.ts";

/** Windows whose counts have a shared factor of variance `truth`, forecast by Poisson samples of the rates alone. */
function windows(truth: number): PatchCount[] {
  const random = Random.of(3, "spread");
  const deviation = Math.sqrt(Math.log1p(truth));
  return Array.from({ length: 20_000 }, () => {
    const rate = Math.exp(3 * random.uniform());
    const factor = Math.exp(deviation * random.normal() - deviation ** 2 / 2);
    const sampled = Array.from({ length: 32 }, () => drawPoisson(random, rate));
    const mean = sampled.reduce((a, b) => a + b, 0) / 32;
    const variance = sampled.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 31;
    return { count: drawPoisson(random, rate * factor), mean, variance };
  });
}

test("the spread is what the counts were drawn with, and none where sampled courses have it already", () => {
  expect(spreadOf(windows(0.5))).toBeGreaterThan(0.45);
  expect(spreadOf(windows(0.5))).toBeLessThan(0.55);
  expect(spreadOf(windows(0))).toBeLessThan(0.02);
  expect(spreadOf([])).toBe(0);
});

test("sampled counts have the mean of the rates and the spread of each patch", () => {
  const [S, F, C] = [20_000, 4, 3];
  const head = {
    weight: tensor([C, HISTORY_BINS], new Float32Array(C * HISTORY_BINS)),
    offset: tensor([C], new Float32Array(C)),
    spread: tensor([2], Float32Array.of(0, 0.4)),
  };
  const batch = {
    size: 1,
    history: new Float32Array(HISTORY_BINS * C),
    slow: new Float32Array(0),
    future: new Float32Array(0),
    sequence: Int32Array.of(0),
    origin: Int32Array.of(0),
  };
  const rates = new Float32Array(S * F * C).fill(2);
  const window = { historyBins: HISTORY_BINS, futureBins: F, channels: C };
  const counts = sampleCounts({ forecast: { samples: S, rates }, batch, window }, head, Noise.of(1));
  [0, 0.4].forEach((spread, patch) => {
    const sums = Array.from({ length: S }, (_, s) =>
      counts.subarray((s * F + 2 * patch) * C, (s * F + 2 * patch + 2) * C).reduce((a, b) => a + b, 0),
    );
    const mean = sums.reduce((a, b) => a + b, 0) / S;
    const variance = sums.reduce((sum, x) => sum + (x - mean) ** 2, 0) / S;
    expect(Math.abs(mean - 12)).toBeLessThan(0.3);
    expect(Math.abs(variance / (12 + 144 * spread) - 1)).toBeLessThan(0.06);
  });
});
