import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measurePulse } from "./measure.ts";
import { charges } from "./testing/judge.ts";

const disc = (diameterUm: number) => Math.PI * (diameterUm / 2) ** 2;
const cl1Cap = [
  { currentUa: -3, durationUs: 1000 },
  { currentUa: 3, durationUs: 1000 },
];

describe("measurePulse", () => {
  it("finds the known figures of 3 nC on discs of 30 and 10 um", () => {
    const wide = measurePulse(cl1Cap, disc(30));
    expect(wide.chargeNc).toBe(3);
    expect(wide.densityUcPerCm2).toBeCloseTo(424.4, 1);
    expect(wide.shannonK).toBeCloseTo(0.105, 3);
    const narrow = measurePulse(cl1Cap, disc(10));
    expect(narrow.densityUcPerCm2).toBeCloseTo(3819.7, 1);
    expect(narrow.shannonK).toBeCloseTo(1.059, 3);
  });

  it("finds the charge of a phase however it is cut up or repeated", () => {
    const phase = fc.record({
      currentUa: fc.integer({ min: -3, max: 3 }),
      durationUs: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 8 }), (phases) => {
        const { peakNc, netNc } = charges({ phases });
        const measure = measurePulse(phases, 100);
        expect(measure.chargeNc).toBeCloseTo(peakNc, 12);
        expect(measure.netChargeNc).toBeCloseTo(netNc, 12);
        expect(measure.densityUcPerCm2).toBeCloseTo((peakNc * 1e-3) / (100 * 1e-8), 9);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
