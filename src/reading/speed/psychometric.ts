/**
 * From how often a sentence is found at each speed to one number: the time a word needs for a fixed level. A logistic curve of the
 * logarithm of that time, from chance to an asymptote of its own, by least squares: Wichmann & Hill 2001, "The psychometric function:
 * I", https://doi.org/10.3758/BF03194544, equation 1.
 */

export interface Psychometric {
  /** What the curve comes to when there is time enough. */
  readonly asymptote: number;
  /** Half way between chance and that, ms a word. */
  readonly middleMs: number;
  readonly slope: number;
}

const STEPS = 160;
const SLOPES = Array.from({ length: 32 }, (_, i) => 0.5 * 1.12 ** i);

/**
 * The curve nearest to `shares` at `msPerWord` (each above 0), of those whose middle lies between a quarter of the shortest time and four
 * times the longest.
 */
export function fitPsychometric(
  msPerWord: readonly number[],
  shares: readonly number[],
  chance: number,
): Psychometric {
  const logs = msPerWord.map(Math.log);
  const [from, to] = [Math.min(...logs) - Math.log(4), Math.max(...logs) + Math.log(4)];
  let best = { error: Number.POSITIVE_INFINITY, asymptote: chance, middleMs: Math.exp(from), slope: 1 };
  for (let step = 0; step <= STEPS; step++) {
    const middle = from + ((to - from) * step) / STEPS;
    for (const slope of SLOPES) {
      const rises = logs.map((log) => logistic(slope * (log - middle)));
      const squares = rises.reduce((sum, rise) => sum + rise * rise, 0);
      const cross = rises.reduce((sum, rise, i) => sum + rise * (shares[i] - chance), 0);
      const height = Math.min(1 - chance, Math.max(0, cross / squares));
      const error = rises.reduce((sum, rise, i) => sum + (chance + height * rise - shares[i]) ** 2, 0);
      if (error < best.error) best = { error, asymptote: chance + height, middleMs: Math.exp(middle), slope };
    }
  }
  const { error: _, ...fit } = best;
  return fit;
}

/** Time a word at which the curve comes to `level`, ms; undefined where it never does. */
export function thresholdMs(
  { asymptote, middleMs, slope }: Psychometric,
  level: number,
  chance: number,
): number | undefined {
  const share = (level - chance) / (asymptote - chance);
  if (!(share > 0 && share < 1)) return undefined;
  return middleMs * Math.exp(Math.log(share / (1 - share)) / slope);
}

/**
 * Bits of one answer among `ways`, right with probability `share` and all wrong ones alike: Wolpaw et al. 2000,
 * https://doi.org/10.1109/TRE.2000.847807. None at chance or below it.
 */
export function bitsOf(share: number, ways: number): number {
  if (share <= 1 / ways) return 0;
  const wrong = 1 - share;
  const lost = wrong > 0 ? wrong * Math.log2(wrong / (ways - 1)) : 0;
  return Math.log2(ways) + share * Math.log2(share) + lost;
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
