import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mean } from "../../../math/statistics.ts";
import { chooseCollapse } from "./laser-stretch.ts";
import { findCollapses, readLaser, readSunspots } from "./recorded.ts";
import { chooseStretch } from "./stretch.ts";

const recordings = join(import.meta.dirname, "..", "..", "..", "..", "..", "shared", "recordings");
const laserFile = join(recordings, "ts-santafe-laser", "santafe_laser.npy");
const sunspotFile = join(recordings, "ts-statsmodels", "sunspots.csv");
const laser = await readLaser();

describe("the laser", () => {
  test("has 10,093 values of 8 bits, beginning as published", () => {
    expect(laser.length).toBe(10_093);
    expect([...laser.subarray(0, 8)]).toEqual([86, 141, 95, 41, 22, 21, 32, 72]);
    expect(laser.every((v) => Number.isInteger(v) && v >= 0 && v <= 255)).toBe(true);
  });

  test.runIf(existsSync(laserFile))("is the shared recording (where the recordings are)", () => {
    const bytes = readFileSync(laserFile);
    const start = 10 + bytes.readUInt16LE(8);
    const original = Array.from(laser, (_, i) => Number(bytes.readBigInt64LE(start + 8 * i)));
    expect([...laser]).toEqual(original);
  });

  test("collapses 24 times: pulses run up to one, and none is near its height for some periods after", () => {
    const collapses = findCollapses(laser);
    expect(collapses).toHaveLength(24);
    const highest = (from: number, to: number) => Math.max(...laser.subarray(from, to));
    for (const at of collapses) {
      expect(highest(at - 16, at)).toBeGreaterThan(110);
      expect(highest(at, at + 16)).toBeLessThan(highest(at - 16, at) / 2);
    }
    for (let i = 1; i < 24; i++) expect(collapses[i] - collapses[i - 1]).toBeGreaterThan(200);
  });

  test("does not collapse while it only grows", () => {
    expect(
      findCollapses(Float64Array.from({ length: 200 }, (_, i) => i * (1 + (i % 8 === 0 ? 1 : 0)))),
    ).toEqual([]);
    const dropped = Float64Array.from({ length: 200 }, (_, i) => (i % 8 === 0 ? (i < 100 ? 200 : 20) : 5));
    expect(findCollapses(dropped)).toEqual([97]); // the first of 16 values that hold none of the high pulses
  });

  test.each([
    [1000, 200],
    [600, 100],
    [1000, 400],
  ])(
    "with %i training and %i test steps, 8 seeds have collapses in both, each its own",
    (trainCount, testCount) => {
      const collapses = findCollapses(laser);
      const tested = new Set<number>();
      for (let seed = 1; seed <= 8; seed++) {
        const wanted = { name: "laser", length: laser.length, span: 7, trainCount, testCount, seed };
        const { offset, ...sizes } = chooseCollapse(wanted, laser);
        expect(sizes).toMatchObject({ trainCount, testCount });
        const begin = offset + 7;
        const within = (from: number, to: number) => collapses.filter((at) => at >= from && at < to);
        expect(within(begin, begin + trainCount).length).toBeGreaterThan(0);
        const own = within(begin + trainCount, begin + trainCount + testCount);
        expect(own.length).toBeGreaterThan(0);
        tested.add(offset);
      }
      expect(tested.size).toBe(8);
    },
  );

  test("gives up the collapses, not the run, when too many steps are wanted", () => {
    const wanted = {
      name: "laser",
      length: laser.length,
      span: 7,
      trainCount: 9500,
      testCount: 500,
      seed: 3,
    };
    const { offset, trainCount } = chooseCollapse(wanted, laser);
    expect(trainCount).toBe(9500);
    expect(offset + 7 + 10_000).toBeLessThanOrEqual(laser.length);
  });
});

describe("the sunspots", () => {
  test("are 309 years with a mean near 50", async () => {
    const sunspots = await readSunspots();
    expect(sunspots.length).toBe(309);
    expect(mean(sunspots)).toBeCloseTo(49.75, 1); // as statsmodels' documentation describes the data set
  });

  test.runIf(existsSync(sunspotFile))("are the shared recording (where the recordings are)", async () => {
    const rows = readFileSync(sunspotFile, "utf8").trim().split("\n").slice(1);
    expect([...(await readSunspots())]).toEqual(rows.map((row) => Number(row.split(",")[1])));
  });
});

describe("chooseStretch", () => {
  const wanted = { name: "series", span: 3, trainCount: 1000, testCount: 200 };

  test("gives eight seeds disjoint stretches of a series that is long enough, inside it", () => {
    const length = 8 * 1203;
    const offsets = Array.from({ length: 8 }, (_, seed) => chooseStretch({ ...wanted, length, seed }).offset);
    for (let i = 1; i < 8; i++) expect(offsets[i] - offsets[i - 1]).toBeGreaterThanOrEqual(1203);
    expect([offsets[0], offsets[7]]).toEqual([0, length - 1203]);
    expect(chooseStretch({ ...wanted, length, seed: -1 }).offset).toBe(offsets[7]);
  });

  test("uses a short series whole, and says so", () => {
    const { offset, trainCount, testCount, notes } = chooseStretch({ ...wanted, length: 303, seed: 5 });
    expect({ offset, trainCount, testCount }).toEqual({ offset: 0, trainCount: 240, testCount: 60 });
    expect(notes[0]).toContain("series has 303 values: 240 training steps");
  });

  test("refuses one with too few values", () => {
    expect(() => chooseStretch({ ...wanted, length: 1, seed: 0 })).toThrow(
      "series: expected at least 123 values to train and test on, got 1",
    );
  });
});
