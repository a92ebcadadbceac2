import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitsOf, fitPsychometric, thresholdMs } from "./psychometric.ts";

const RATES = [45, 60, 80, 110, 160, 250];
const CHANCE = 0.02;

describe("the psychometric curve", () => {
  it("finds the threshold of a curve that is one", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 0.95, noNaN: true }),
        fc.double({ min: 60, max: 180, noNaN: true }),
        fc.double({ min: 1.5, max: 8, noNaN: true }),
        (asymptote, middleMs, slope) => {
          const curve = (ms: number) => CHANCE + (asymptote - CHANCE) / (1 + (middleMs / ms) ** slope);
          const fit = fitPsychometric(RATES, RATES.map(curve), CHANCE);
          const level = CHANCE + (asymptote - CHANCE) / 2;
          expect(thresholdMs(fit, level, CHANCE)! / middleMs).toBeGreaterThan(0.9);
          expect(thresholdMs(fit, level, CHANCE)! / middleMs).toBeLessThan(1.1);
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it("has no threshold where the level is never reached", () => {
    const fit = fitPsychometric(
      RATES,
      RATES.map(() => CHANCE),
      CHANCE,
    );
    expect(thresholdMs(fit, 0.2, CHANCE)).toBeUndefined();
    const low = fitPsychometric(RATES, [0.02, 0.03, 0.08, 0.1, 0.11, 0.11], CHANCE);
    expect(thresholdMs(low, 0.5, CHANCE)).toBeUndefined();
  });
});

describe("bits of an answer", () => {
  it("are those of the channel in which all wrong answers are alike", () => {
    // Mutual information by its definition, from the table of all answers.
    const byDefinition = (share: number, ways: number) => {
      const wrong = (1 - share) / (ways - 1);
      const term = (p: number) => (p > 0 ? p * Math.log2(p * ways) : 0);
      return term(share) + (ways - 1) * term(wrong);
    };
    for (const ways of [2, 4, 50])
      for (const share of [0.6, 0.75, 0.9, 1])
        expect(bitsOf(share, ways)).toBeCloseTo(byDefinition(share, ways), 10);
    expect(bitsOf(1, 8)).toBe(3);
    expect(bitsOf(0.02, 50)).toBe(0);
    expect(bitsOf(0.01, 50)).toBe(0);
  });
});
