/**
 * Paired differences: two things measured on the same seeds, so that what is easy or hard about a seed falls out.
 *
 * The interval is Student's, not the bootstrap's: an experiment has some 8 seeds and makes dozens of comparisons, so what
 * matters are tails of 1 in 1000. Resampling 8 values has no such tails, and turning their signs gives no p below 2 / 2^8.
 * Differences of shares over hundreds of answers are near enough to normal for t (paired.test.ts simulates the coverage).
 */
import { mean, sampleDeviation } from "../statistics.ts";
import { studentCdf, studentQuantile } from "../student.ts";

/** A paired difference with its 95 % t interval. */
export interface PairedDifference {
  readonly mean: number;
  /** Of one pair, the difference twice. */
  readonly ci95: readonly [number, number];
  readonly perSeed: readonly number[];
  /** Of the hypothesis that the mean difference is zero, two-sided; null for fewer than two pairs. */
  readonly p: number | null;
  /** Mean difference over the standard deviation of the differences (Cohen's d_z); null where these do not differ. */
  readonly effectSize: number | null;
}

/** Differences that agree to so many units of their size agree but for rounding. */
const ROUNDING = 1e-12;

/** The paired difference a - b, seed by seed. */
export function pairedDifference(a: readonly number[], b: readonly number[]): PairedDifference {
  if (a.length !== b.length || a.length === 0)
    throw new RangeError(
      `pairedDifference: expected as many values in each, at least one, got ${a.length} and ${b.length}`,
    );
  const perSeed = a.map((value, i) => value - b[i]);
  const bad = perSeed.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new RangeError(`pairedDifference: expected finite differences, got ${bad}`);
  const n = perSeed.length;
  const centre = mean(perSeed);
  if (n === 1) return { mean: centre, ci95: [centre, centre], perSeed, p: null, effectSize: null };
  const size = Math.max(...a.map(Math.abs), ...b.map(Math.abs));
  const spread = sampleDeviation(perSeed);
  if (spread <= ROUNDING * size) {
    const isZero = Math.abs(centre) <= ROUNDING * size;
    return { mean: centre, ci95: [centre, centre], perSeed, p: isZero ? 1 : 0, effectSize: null };
  }
  const error = spread / Math.sqrt(n);
  const reach = studentQuantile(0.975, n - 1) * error;
  return {
    mean: centre,
    ci95: [centre - reach, centre + reach],
    perSeed,
    p: 2 * studentCdf(-Math.abs(centre / error), n - 1),
    effectSize: centre / spread,
  };
}
