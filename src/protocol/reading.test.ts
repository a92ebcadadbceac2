import { describe, expect, it } from "vitest";
import { Random } from "../math/random.ts";
import { decideByCounts, mostCounted, readByCounts } from "./reading.ts";

const [bins, channels] = [5, 64];

describe("readByCounts", () => {
  it("counts the spikes of each group, save those in the bin of the context pulse", () => {
    const random = Random.of(6);
    const counts = Float32Array.from({ length: 3 * bins * channels }, () => random.integer(4));
    const patterns = [[1, 2], [5], [60, 61, 63]];
    const expected: number[] = [];
    for (let n = 0; n < 3; n++)
      for (const pattern of patterns) {
        let sum = 0;
        for (let i = 0; i < bins * channels; i++)
          if (i >= channels && pattern.includes(i % channels)) sum += counts[n * bins * channels + i];
        expected.push(sum);
      }
    expect([...readByCounts(counts, { bins, channels, patterns })]).toEqual(expected);
  });
});

describe("mostCounted", () => {
  it("gives each answer to the classes that score highest, in equal shares", () => {
    const scores = Float64Array.of(1, 3, 2, 0, 0, 0, 4, 1, 4);
    expect([...mostCounted(scores, 3)]).toEqual([0, 1, 0, 1 / 3, 1 / 3, 1 / 3, 1 / 2, 0, 1 / 2]);
  });
});

describe("decideByCounts", () => {
  it("says the class that scores highest, and lets ties go round", () => {
    expect(decideByCounts([1, 3, 2], 0)).toBe(1);
    const turns = Array.from({ length: 6 }, (_, turn) => decideByCounts([2, 0, 2], turn));
    expect(turns).toEqual([0, 2, 2, 0, 2, 2]);
    expect(Array.from({ length: 3 }, (_, turn) => decideByCounts([0, 0, 0], turn))).toEqual([0, 1, 2]);
  });
});
