import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Culture } from "../../culture/culture.ts";
import { planCulture } from "../../culture/presets.ts";
import { loadCulture, saveCulture } from "../../culture/saved/saved.ts";
import { defaultLimits } from "../gate/limits.ts";
import { reachOfElectrodes } from "./coupling.ts";
import { sensingOf, UNSEEN } from "./detector.ts";
import { growOn, growSimulated } from "./grow.ts";
import { simulatedMeaDefaults } from "./parameters.ts";
import { ballOn, neuronsOn, SCAFFOLDS, scaffolds, sheetOn } from "./scaffolds.ts";

/** Published: electrodes read, distance between neighbours and size of the array, electrodes pulsed at once. */
const PUBLISHED = {
  mea64: { read: 64, pitchUm: 200, widthMm: 1.6, heightMm: 1.6, atOnce: undefined },
  mea256: { read: 252, pitchUm: 200, widthMm: 3.2, heightMm: 3.2, atOnce: undefined },
  hd1024: { read: 1024, pitchUm: 5 * 17.5, widthMm: 3.85, heightMm: 2.1, atOnce: 32 },
} as const;

describe.each(SCAFFOLDS)("%s", (name) => {
  const { profile, sheet, neurons } = scaffolds[name];
  const { electrodes } = profile;
  const published = PUBLISHED[name];

  it("is the array that was published, numbered without gaps, on the sheet that it covers", () => {
    expect(electrodes).toHaveLength(published.read);
    expect(electrodes.map(({ channel }) => channel)).toEqual([...electrodes.keys()]);
    expect(profile.hardware?.maxElectrodesAtOnce).toBe(published.atOnce);
    expect(sheet).toMatchObject({ widthMm: published.widthMm, heightMm: published.heightMm });
    const nearest = Math.min(
      ...electrodes
        .slice(1)
        .map(({ xUm, yUm }) => Math.hypot(xUm - electrodes[0].xUm, yUm - electrodes[0].yUm)),
    );
    expect(nearest).toBeCloseTo(published.pitchUm, 6);
    for (const { xUm, yUm } of electrodes) {
      expect(xUm > 0 && xUm < 1000 * sheet.widthMm).toBe(true);
      expect(yUm > 0 && yUm < 1000 * sheet.heightMm).toBe(true);
    }
  });

  it("is as thickly grown over as the default culture: cells, clumps and pulses for each mm2", () => {
    const mm2 = sheet.widthMm * sheet.heightMm;
    expect(neurons / mm2 / (1000 / 2.56)).toBeCloseTo(1, 2);
    expect(sheet.clumps / mm2 / (40 / 2.56)).toBeCloseTo(1, 2);
    expect(defaultLimits(profile).maxPulsesPerSecondOnArray / mm2 / (500 / 2.56)).toBeCloseTo(1, 1);
    expect(neuronsOn(name)).toBe(neurons);
    expect(neuronsOn(name, 123)).toBe(123);
    const plan = planCulture({ seed: 1, neurons: 150, sheet });
    const far = (axis: number) => Math.max(...plan.positionsMm.filter((_, i) => i % 2 === axis));
    expect([far(0) > 0.9 * sheet.widthMm, far(0) <= sheet.widthMm]).toEqual([true, true]);
    expect([far(1) > 0.9 * sheet.heightMm, far(1) <= sheet.heightMm]).toEqual([true, true]);
  });

  it("carries more than 4,096 neurons on a larger sheet around it, as thickly", () => {
    expect(sheetOn(name, 4096)).toBe(sheet);
    const { widthMm, heightMm, cornerMm, clumps } = sheetOn(name, 40_000);
    expect(40_000 / (widthMm * heightMm) / (1000 / 2.56)).toBeCloseTo(1, 2);
    expect(clumps / (widthMm * heightMm) / (40 / 2.56)).toBeCloseTo(1, 2);
    expect(widthMm / heightMm).toBeCloseTo(sheet.widthMm / sheet.heightMm, 9);
    expect(2 * cornerMm![0] + widthMm).toBeCloseTo(sheet.widthMm, 9);
    expect(2 * cornerMm![1] + heightMm).toBeCloseTo(sheet.heightMm, 9);
  });
});

describe("a ball", () => {
  const N = 1500;
  const grown = growOn("hd1024", { shape: "ball", seed: 3, div: 14, neurons: N });
  const { anatomy } = grown;
  const { positionsMm, heightsMm } = anatomy as Required<typeof anatomy>;
  const { ball } = ballOn("hd1024", N);
  const { diameterMm, footMm } = ball!;
  const { profile } = scaffolds.hd1024;
  const { detection, stimulation } = simulatedMeaDefaults;
  const apartMm = (cell: number, { xUm, yUm }: (typeof profile.electrodes)[number]) =>
    Math.hypot(positionsMm[2 * cell] - xUm / 1e3, positionsMm[2 * cell + 1] - yUm / 1e3, heightsMm[cell]);

  it("is as dense as cortex, its cells uniform in a ball that touches the middle of the array", () => {
    expect(N / ((Math.PI * diameterMm ** 3) / 6)).toBeCloseTo(90_000, 3);
    expect(footMm).toEqual([3.85 / 2, 2.1 / 2]);
    // The share of the ball within a cell's distance of its centre is uniform: chi-square over ten parts, and the same over heights.
    const inTen = (shareOf: (cell: number) => number) => {
      const counts = new Array<number>(10).fill(0);
      for (let cell = 0; cell < N; cell++) counts[Math.floor(10 * shareOf(cell))]++;
      return counts.reduce((sum, n) => sum + (n - N / 10) ** 2 / (N / 10), 0);
    };
    const radius = diameterMm / 2;
    const within = (cell: number) =>
      (Math.hypot(
        positionsMm[2 * cell] - footMm[0],
        positionsMm[2 * cell + 1] - footMm[1],
        heightsMm[cell] - radius,
      ) /
        radius) **
      3;
    const below = (cell: number) => {
      const h = heightsMm[cell] / diameterMm;
      return h * h * (3 - 2 * h);
    };
    expect(inTen(within)).toBeLessThan(30);
    expect(inTen(below)).toBeLessThan(30);
  });

  it("is read at its foot: a cell by the nearest electrode, if one is near enough", () => {
    const { seenBy } = sensingOf(profile, anatomy, 10, detection);
    let unseen = 0;
    for (let cell = 0; cell < N; cell++) {
      const apart = profile.electrodes.map((electrode) => apartMm(cell, electrode));
      const nearest = Math.min(...apart);
      if (nearest > detection.radiusMm) {
        unseen++;
        expect(seenBy[cell]).toBe(UNSEEN);
      } else expect(apart[seenBy[cell]]).toBeCloseTo(nearest, 6);
    }
    expect(unseen).toBeGreaterThan(N / 2);
    expect(unseen).toBeLessThan(N);
  });

  it("is pulsed at its foot: by distance, also upwards", () => {
    const reach = reachOfElectrodes(profile, anatomy, stimulation);
    profile.electrodes.forEach((electrode, k) => {
      const { neurons, millivolts } = reach[k];
      const found = new Map(Array.from(neurons, (cell, at) => [cell, millivolts[at]]));
      for (let cell = 0; cell < N; cell += 7) {
        const mv = stimulation.fullMv * Math.exp(-((apartMm(cell, electrode) / stimulation.reachMm) ** 2));
        expect(found.get(cell) ?? 0).toBeCloseTo(mv < 0.01 ? 0 : mv, 4);
      }
    });
  });

  it("keeps its heights in its file, and lives the same life from it", () => {
    const folder = mkdtempSync(join(tmpdir(), "wetgrad-ball-"));
    try {
      const path = join(folder, "ball.safetensors");
      saveCulture(path, grown);
      const loaded = loadCulture(path);
      expect(loaded.anatomy).toEqual(anatomy);
      const [one, other] = [grown, loaded].map((each) => new Culture(each.anatomy, each.parameters, 1));
      expect(other.advance(500)).toEqual(one.advance(500));
      const { heightsMm: _, ...flat } = anatomy;
      expect(() => new Culture(flat, grown.parameters, 1).restore(one.snapshot())).toThrow(/another anatomy/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("has no ideal electrodes, which lie in a plane", () => {
    expect(() => growSimulated({ grown, seed: 1, div: 14, idealElectrodes: true })).toThrow(
      /not with a ball/,
    );
  });
});
