import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "./error.ts";
import { divideScaffold, type ElectrodePosition, rolesOfZones } from "./roles.ts";

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

  test("in blocks, gives every block of 4 x 4 each class once, on one colour, and places on the other", () => {
    const grids = fc.record({
      columns: fc.integer({ min: 1, max: 5 }).map((n) => 4 * n),
      rows: fc.integer({ min: 1, max: 5 }).map((n) => 4 * n),
      // Dense grids: only so many electrodes have a role that these are 150 um apart.
      pitchUm: fc.constantFrom(200, 160, 87.5, 60),
    });
    fc.assert(
      fc.property(
        grids,
        fc.integer({ min: 2, max: 8 }),
        fc.nat(100),
        ({ columns, rows, pitchUm }, classCount, seed) => {
          const every = Math.ceil(150 / pitchUm);
          const electrodes = Array.from({ length: columns * rows * every ** 2 }, (_, channel) => ({
            channel,
            xUm: pitchUm * Math.floor(channel / (rows * every)),
            yUm: pitchUm * (channel % (rows * every)),
          }));
          const at = (channel: number) =>
            [electrodes[channel].xUm, electrodes[channel].yUm].map((um) => um / pitchUm / every);
          const colour = (channel: number) => at(channel).reduce((sum, index) => sum + index) % 2;
          const block = (channel: number) =>
            at(channel)
              .map((index) => Math.floor(index / 4))
              .join(" ");
          const roles = divideScaffold(electrodes, seed, {
            classCount,
            division: "blocks",
            electrodesPerClass: 1000,
          });
          expect(roles.sensory).toHaveLength((columns * rows) / 2);
          expect(new Set(roles.sensory.map(colour))).toEqual(new Set([0]));
          expect(new Set(roles.prediction.map(colour))).toEqual(new Set([1]));
          for (const group of roles.assigned) {
            expect(group.map(block).sort()).toEqual([...new Set(roles.prediction.map(block))].sort());
            expect(group.every((channel) => roles.prediction.includes(channel))).toBe(true);
          }
          expect(new Set(roles.assigned.flat()).size).toBe(roles.assigned.flat().length);
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });

  test("in blocks, shares out what an edge or too many classes leave: groups of one size, spread out, by seed alone", () => {
    const corners = [0, 15, 240, 255];
    const wide = Array.from({ length: 256 }, (_, channel) => ({
      channel,
      xUm: 200 * Math.floor(channel / 16),
      yUm: 200 * (channel % 16),
    }));
    const divided = (classCount: number, seed: number) =>
      divideScaffold(wide, seed, {
        classCount,
        division: "blocks",
        electrodesPerClass: 16,
        reservedChannels: corners,
      });
    const blockOf = (channel: number) => 4 * Math.floor(channel / 64) + Math.floor((channel % 16) / 4);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 32 }), fc.nat(100), (classCount, seed) => {
        const { sensory, assigned } = divided(classCount, seed);
        expect(sensory).toHaveLength(126);
        const [{ length: size }] = assigned;
        expect(size).toBe(Math.min(classCount < 8 ? 16 : 15, Math.floor(126 / classCount)));
        for (const group of assigned) {
          expect(group).toHaveLength(size);
          expect(new Set(group.map(blockOf)).size).toBe(size);
        }
        expect([...sensory, ...assigned.flat()].some((channel) => corners.includes(channel))).toBe(false);
        expect(divided(classCount, seed)).toEqual(divided(classCount, seed));
      }),
      { seed: 4, numRuns: 40 },
    );
    expect(divided(8, 1).assigned).not.toEqual(divided(8, 2).assigned);
  });

  test("says what is missing when there are too few electrodes", () => {
    expect(() => divideScaffold(grid.slice(0, 4), 1, { classCount: 8 })).toThrow(
      "8 classes need 8 prediction electrodes and one sensory electrode, the scaffold has 2 and 2",
    );
  });
});

test("zones of a preparation are kept, only their order is the seed's, and too few that answer are refused", () => {
  const zone = fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(zone, zone, fc.integer({ min: 1, max: 12 }), (sensory, prediction, classCount) => {
      const made = () => rolesOfZones({ sensory, prediction }, 3, { classCount });
      if (prediction.length < classCount) {
        expect(made).toThrow(ProtocolError);
        return;
      }
      const roles = made();
      expect([...roles.sensory].sort()).toEqual([...sensory].sort());
      expect([...roles.prediction].sort()).toEqual([...prediction].sort());
      const size = Math.min(4, Math.floor(prediction.length / classCount));
      expect(roles.assigned.map(({ length }) => length)).toEqual(new Array(classCount).fill(size));
      expect(new Set(roles.assigned.flat()).size).toBe(size * classCount);
    }),
  );
});
