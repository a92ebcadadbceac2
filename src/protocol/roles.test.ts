import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { divideScaffold, type ElectrodePosition } from "./roles.ts";

const grid: ElectrodePosition[] = Array.from({ length: 64 }, (_, channel) => ({
  channel,
  xUm: 100 + 200 * (channel % 8),
  yUm: 100 + 200 * Math.floor(channel / 8),
}));
const colour = (channel: number) => ((channel % 8) + Math.floor(channel / 8)) % 2;

describe("divideScaffold", () => {
  test("colours the 8x8 scaffold like a chessboard, 32 and 32, 4 electrodes for each of 8 classes", () => {
    const zones = divideScaffold(grid, 1, { classCount: 8 });
    expect(zones.sensory).toHaveLength(32);
    expect(zones.prediction).toHaveLength(32);
    expect(new Set(zones.sensory.map(colour)).size).toBe(1);
    expect(new Set([...zones.sensory, ...zones.prediction]).size).toBe(64);
    expect(zones.assigned.map((group) => group.length)).toEqual(Array(8).fill(4));
    expect(new Set(zones.assigned.flat())).toEqual(new Set(zones.prediction));
  });

  test("is permuted by seed, and by nothing else", () => {
    const zones = divideScaffold(grid, 1, { classCount: 8 });
    expect(divideScaffold(grid, 1, { classCount: 8 })).toEqual(zones);
    const other = divideScaffold(grid, 2, { classCount: 8 });
    expect(other.sensory).not.toEqual(zones.sensory);
    expect(other.prediction).not.toEqual(zones.prediction);
    expect([...other.sensory].sort()).toEqual([...zones.sensory].sort());
  });

  test("never uses a reserved channel, and never gives one electrode to two classes", () => {
    const reserved = fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 30 });
    fc.assert(
      fc.property(reserved, fc.integer({ min: 2, max: 16 }), fc.nat(100), (channels, classCount, seed) => {
        fc.pre(channels.filter((c) => colour(c) === 1).length <= 32 - classCount);
        fc.pre(channels.filter((c) => colour(c) === 0).length < 32);
        const zones = divideScaffold(grid, seed, { classCount, reservedChannels: channels });
        const used = [...zones.sensory, ...zones.prediction];
        expect(used).toHaveLength(64 - channels.length);
        expect(used.some((c) => channels.includes(c))).toBe(false);
        expect(zones.assigned).toHaveLength(classCount);
        const given = zones.assigned.flat();
        expect(new Set(given).size).toBe(given.length);
        expect(given.every((c) => zones.prediction.includes(c))).toBe(true);
        for (const group of zones.assigned)
          expect(group).toHaveLength(Math.min(4, Math.floor(zones.prediction.length / classCount)));
      }),
    );
  });

  test("colours a grid without corners alike, in any order of electrodes", () => {
    const corners = [0, 7, 56, 63];
    const holed = grid.filter(({ channel }) => !corners.includes(channel)).reverse();
    const zones = divideScaffold(holed, 3, { classCount: 7 });
    expect([zones.sensory.length, zones.prediction.length]).toEqual([30, 30]);
    expect(new Set(zones.prediction.map(colour)).size).toBe(1);
  });

  test("says what is missing when there are too few electrodes", () => {
    expect(() => divideScaffold(grid.slice(0, 4), 1, { classCount: 8 })).toThrow(
      "8 classes need 8 prediction electrodes and one sensory electrode, the scaffold has 2 and 2",
    );
  });
});
