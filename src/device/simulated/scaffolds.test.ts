import { describe, expect, it } from "vitest";
import { planCulture } from "../../culture/presets.ts";
import { defaultLimits } from "../gate/limits.ts";
import { neuronsOn, SCAFFOLDS, scaffolds, sheetOn } from "./scaffolds.ts";

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
