import { describe, expect, it } from "vitest";
import { threefry2x32 } from "../math/random.ts";
import { Noise, threefryBlocks } from "./noise.ts";

describe("threefryBlocks", () => {
  it("gives the bits of the generator in math", () => {
    const bulk = new Uint32Array(64);
    threefryBlocks([0x12345678, 0x9abcdef0 | 0], [5, 77], bulk);
    const block = new Uint32Array(2);
    for (let i = 0; i < 32; i++) {
      threefry2x32([0x12345678, 0x9abcdef0 | 0], 5 + i, 77, block);
      expect([bulk[2 * i], bulk[2 * i + 1]]).toEqual([...block]);
    }
  });
});

describe("Noise", () => {
  it("resumes to the bit", () => {
    const noise = Noise.of(7, "a");
    noise.normals([100]);
    const saved = noise.state();
    const next = noise.normals([3, 5]);
    expect(Noise.resume(JSON.parse(JSON.stringify(saved))).normals([3, 5])).toEqual(next);
    expect(Noise.of(7, "b").normals([3, 5])).not.toEqual(Noise.of(7, "a").normals([3, 5]));
  });

  it("draws normals whose distribution is normal", () => {
    const n = 400_000;
    const sorted = (Noise.of(1).normals([n]).data as Float32Array).slice().sort();
    // Kolmogorov-Smirnov against the normal distribution; 1.95 / sqrt(n) is passed with probability 0.999.
    let distance = 0;
    for (let i = 0; i < n; i += 7) distance = Math.max(distance, Math.abs(i / n - normalCdf(sorted[i])));
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
    const moment = (k: number) => sorted.reduce((sum, x) => sum + x ** k, 0) / n;
    expect(moment(1)).toBeCloseTo(0, 2);
    expect(moment(2)).toBeCloseTo(1, 2);
    expect(moment(4)).toBeCloseTo(3, 1);
    // The tail beyond the last layer: 2 (1 - Phi(3.4426)) = 5.76e-4 of all.
    const beyond = sorted.filter((x) => Math.abs(x) > 3.442619855899).length;
    expect(Math.abs(beyond - n * 5.76e-4)).toBeLessThan(4 * Math.sqrt(n * 5.76e-4));
  });

  it("keeps the stated share under a mask, and the mean", () => {
    const { data } = Noise.of(2).mask([100_000], 0.8);
    const kept = data.filter((x) => x !== 0);
    expect(kept.length / data.length).toBeCloseTo(0.8, 2);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.8)]));
  });

  it("draws integers below the bound, all of them", () => {
    const { data } = Noise.of(3).integers([10_000], 7);
    const counts = Array.from({ length: 7 }, (_, i) => data.filter((x) => x === i).length);
    for (const count of counts) expect(Math.abs(count - 10_000 / 7)).toBeLessThan(200);
  });
});

/** By the series of erf, accurate to 1e-7 (Abramowitz and Stegun 7.1.26). */
function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const erf = 1 - series * Math.exp(-z * z);
  return x >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
}
