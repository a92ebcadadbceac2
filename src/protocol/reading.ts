/**
 * Reading by electrode counts: which class a culture says, by where it spikes. No model takes part.
 *
 * Legend: N states, B bins, C channels, K classes.
 */

/** What is counted: the electrodes of each class, in states of so many bins and channels. */
export interface CountReader {
  readonly bins: number;
  readonly channels: number;
  readonly patterns: readonly (readonly number[])[];
}

/** Scores `[N, K]` of states `[N, B, C]` as read: spikes on the electrodes of each class, outside the bin of the datum's pulse. */
export function readByCounts(counts: Float32Array, { bins, channels, patterns }: CountReader): Float64Array {
  const window = bins * channels;
  const N = counts.length / window;
  const scores = new Float64Array(N * patterns.length);
  for (let n = 0; n < N; n++)
    patterns.forEach((pattern, k) => {
      for (let bin = 1; bin < bins; bin++)
        for (const channel of pattern)
          scores[n * patterns.length + k] += counts[n * window + bin * channels + channel];
    });
  return scores;
}

/** Scores `[N, K]` as shares `[N, K]`: 1 for the class with the highest score, divided between those that tie. */
export function mostCounted(scores: Float64Array, classes: number): Float64Array {
  const shares = new Float64Array(scores.length);
  for (let from = 0; from < scores.length; from += classes) {
    const row = scores.subarray(from, from + classes);
    const most = Math.max(...row);
    const tied = row.filter((score) => score === most).length;
    row.forEach((score, k) => {
      if (score === most) shares[from + k] = 1 / tied;
    });
  }
  return shares;
}

/**
 * The class that scores `[K]` decide on where one must be acted on: the highest; ties go round with `turn`, so that none is
 * preferred. Where answers are only scored, ties are shared (src/tasks/measures/score.ts).
 */
export function decideByCounts(scores: ArrayLike<number>, turn: number): number {
  let best = turn % scores.length;
  for (let i = 1; i < scores.length; i++) {
    const k = (turn + i) % scores.length;
    if (scores[k] > scores[best]) best = k;
  }
  return best;
}
