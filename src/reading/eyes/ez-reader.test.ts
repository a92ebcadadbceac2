import fc from "fast-check";
import { expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { readSentence } from "./ez-reader.ts";
import { EZ_READER_10, familiarityMs } from "./ez-reader-parameters.ts";
import { byFrequencyClass, OBSERVED, OBSERVED_DEVIATION, rmsd, trendsRight } from "./frequency-classes.ts";
import { gamma } from "./gamma.ts";

const word = fc.record({
  letters: fc.integer({ min: 1, max: 14 }),
  perMillion: fc.double({ min: 0.01, max: 50_000, noNaN: true }),
  predictability: fc.double({ min: 0, max: 1, noNaN: true }),
});

it("reads any sentence to its end: fixations on its words, one after the other in time", () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 16 }), fc.nat(), (words, seed) => {
      const fixations = readSentence(words, Random.of(seed));
      expect(fixations.length).toBeGreaterThan(0);
      let before = 0;
      for (const { word, onsetMs, durationMs } of fixations) {
        expect(word).toBeGreaterThanOrEqual(0);
        expect(word).toBeLessThan(words.length);
        expect(onsetMs).toBeGreaterThanOrEqual(before - 1e-9);
        expect(durationMs).toBeGreaterThanOrEqual(0);
        before = onsetMs + durationMs;
      }
    }),
    { numRuns: 150 },
  );
});

it("without chance reads a lone word for as long as its parts take", () => {
  const still = { ...EZ_READER_10, deviation: 0, integrationFailure: 0 };
  const one = { letters: 5, perMillion: 100, predictability: 0 };
  const [{ durationMs }] = readSentence([one], Random.of(1), still);
  // L1 at a mean distance of (2 + 1 + 0 + 1 + 2) / 5 letters, then L2 and I.
  const base = familiarityMs(one, still);
  expect(durationMs).toBeCloseTo(base * 1.15 ** (6 / 5) + 0.34 * base + 25, 6);
});

it("skips short frequent words more than long rare ones, and reads these longer", () => {
  const sentence = Array.from({ length: 9 }, (_, i) =>
    i % 2 === 1
      ? { letters: 3, perMillion: 20_000, predictability: 0.2 }
      : { letters: 8, perMillion: 5, predictability: 0 },
  );
  const random = Random.of(4);
  const readings = Array.from({ length: 400 }, (_, i) => ({
    words: sentence,
    fixations: readSentence(sentence, random.split(i)),
  }));
  const { skipped, gazeMs } = byFrequencyClass(readings);
  expect(skipped[4]).toBeGreaterThan(skipped[0] + 0.2);
  expect(gazeMs[0]).toBeGreaterThan(gazeMs[4] + 20);
});

it("scores the observed values 0, and one deviation off 1", () => {
  expect(rmsd(OBSERVED)).toBe(0);
  const off = (measure: keyof typeof OBSERVED) =>
    OBSERVED[measure].map((value, i) => value + OBSERVED_DEVIATION[measure][i]);
  expect(
    rmsd({
      firstFixationMs: off("firstFixationMs"),
      gazeMs: off("gazeMs"),
      single: off("single"),
      skipped: off("skipped"),
    }),
  ).toBeCloseTo(1, 12);
  expect(trendsRight(OBSERVED)).toBe(5);
});

it("draws gamma numbers of the mean and deviation asked for", () => {
  const random = Random.of(9);
  const numbers = Array.from({ length: 20_000 }, () => gamma(random, 120, 0.22));
  const mean = numbers.reduce((a, b) => a + b) / numbers.length;
  const deviation = Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length);
  expect(Math.abs(mean - 120)).toBeLessThan(1);
  expect(Math.abs(deviation / mean - 0.22)).toBeLessThan(0.01);
});
