/**
 * First-pass reading by five classes of frequency, as people read (Schilling, Rayner and Chumbley 1998,
 * https://doi.org/10.3758/BF03201199; the observed values by which E-Z Reader's fits are judged) and as a simulation does.
 */

import type { SimulatedFixation } from "./ez-reader.ts";
import type { ReadWord } from "./ez-reader-parameters.ts";

export const CLASS_BOUNDS = [10, 100, 1000, 10_000, Number.POSITIVE_INFINITY] as const;

/** Five numbers each, the rarest class first. */
export interface ByClass {
  readonly firstFixationMs: readonly number[];
  readonly gazeMs: readonly number[];
  /** Shares of all words: fixated once, not at all. */
  readonly single: readonly number[];
  readonly skipped: readonly number[];
}

export const OBSERVED: ByClass = {
  firstFixationMs: [248, 234, 228, 223, 208],
  gazeMs: [293, 272, 256, 234, 214],
  single: [0.68, 0.7, 0.68, 0.44, 0.32],
  skipped: [0.1, 0.13, 0.22, 0.55, 0.67],
};

const deviationOfShare = (p: number) => Math.sqrt(p * (1 - p));
/** Standard deviations of single observations. */
export const OBSERVED_DEVIATION: ByClass = {
  firstFixationMs: [26, 32, 31, 42, 65],
  gazeMs: [39, 45, 40, 57, 71],
  single: OBSERVED.single.map(deviationOfShare),
  skipped: OBSERVED.skipped.map(deviationOfShare),
};

/** A sentence's words, and one reading of them. */
export interface SentenceReading {
  readonly words: readonly ReadWord[];
  readonly fixations: readonly SimulatedFixation[];
}

export interface ClassFigures extends ByClass {
  readonly words: readonly number[];
  /** Share of the readings that were left out because a fixation went back to an earlier word. */
  readonly regressions: number;
}

/** First and last words and readings with regressions are left out, as the observed values were taken. */
export function byFrequencyClass(readings: readonly SentenceReading[]): ClassFigures {
  const sums = CLASS_BOUNDS.map(() => ({ words: 0, fixated: 0, first: 0, gaze: 0, single: 0, skipped: 0 }));
  let regressed = 0;
  for (const { words, fixations } of readings) {
    if (fixations.some(({ word }, i) => i > 0 && word < fixations[i - 1].word)) {
      regressed++;
      continue;
    }
    for (let n = 1; n < words.length - 1; n++) {
      const sum = sums[CLASS_BOUNDS.findIndex((bound) => words[n].perMillion <= bound)];
      const on = fixations.filter(({ word }) => word === n);
      sum.words++;
      if (on.length === 0) sum.skipped++;
      else {
        sum.fixated++;
        sum.first += on[0].durationMs;
        sum.gaze += on.reduce((total, { durationMs }) => total + durationMs, 0);
        if (on.length === 1) sum.single++;
      }
    }
  }
  return {
    firstFixationMs: sums.map(({ first, fixated }) => first / fixated),
    gazeMs: sums.map(({ gaze, fixated }) => gaze / fixated),
    single: sums.map(({ single, words }) => single / words),
    skipped: sums.map(({ skipped, words }) => skipped / words),
    words: sums.map(({ words }) => words),
    regressions: regressed / readings.length,
  };
}

const MEASURES = ["firstFixationMs", "gazeMs", "single", "skipped"] as const;

/** Root mean square of (simulated - observed) / deviation over the twenty values. */
export function rmsd(simulated: ByClass): number {
  let sum = 0;
  for (const measure of MEASURES)
    for (let i = 0; i < 5; i++)
      sum += ((simulated[measure][i] - OBSERVED[measure][i]) / OBSERVED_DEVIATION[measure][i]) ** 2;
  return Math.sqrt(sum / (5 * MEASURES.length));
}

/** How many of the trends over classes run as observed: shorter first fixations and gazes, fewer single ones, more skipping, and gaze above first fixation. */
export function trendsRight({ firstFixationMs, gazeMs, single, skipped }: ByClass): number {
  const falls = (values: readonly number[]) => values.every((value, i) => i === 0 || value < values[i - 1]);
  const rises = (values: readonly number[]) => values.every((value, i) => i === 0 || value > values[i - 1]);
  return [
    falls(firstFixationMs),
    falls(gazeMs),
    single[4] < single[3] && single[3] < Math.min(...single.slice(0, 3)),
    rises(skipped),
    gazeMs.every((gaze, i) => gaze > firstFixationMs[i]),
  ].filter(Boolean).length;
}
