/**
 * How classes stand in the prediction zone.
 *
 * `assigned`: each class has its own group of electrodes, chosen beforehand. `free`: babbling uses random patterns only, and
 * the classes are given to those whose evoked states are easiest to evoke and to tell apart, so that no hand-made
 * class pattern enters at all.
 */

import { NOTHING } from "../../emulator/contract.ts";
import type { Random } from "../../math/random.ts";

/** Random patterns that the free code chooses from. */
export const FREE_PATTERNS = 24;

/**
 * Chooses `classes` of the babbled patterns by farthest-first traversal: distances are between mean patches
 * `[N, Z]`, in units of the spread within a pattern; the first is the one farthest from what follows no write.
 * Gonzalez 1985, https://doi.org/10.1016/0304-3975(85)90224-5. Returns pattern indices in random order.
 */
export function chooseFreeCode(
  evoked: { readonly patches: Float32Array; readonly latents: number },
  written: { readonly patternOf: Int32Array; readonly patterns: number },
  classes: number,
  random: Random,
): number[] {
  const { latents } = evoked;
  const patternCount = written.patterns;
  const { means, spread } = patternMeans(evoked.patches, latents, written.patternOf, patternCount);
  const distance = (a: Float64Array, b: Float64Array) => {
    let sum = 0;
    for (let d = 0; d < latents; d++) sum += ((a[d] - b[d]) / spread[d]) ** 2;
    return Math.sqrt(sum);
  };
  const silent = means[patternCount];
  const chosen: number[] = [];
  while (chosen.length < classes) {
    let best = -1;
    let bestGap = Number.NEGATIVE_INFINITY;
    for (let p = 0; p < patternCount; p++) {
      if (chosen.includes(p)) continue;
      const gap = Math.min(distance(means[p], silent), ...chosen.map((q) => distance(means[p], means[q])));
      if (gap > bestGap) [best, bestGap] = [p, gap];
    }
    chosen.push(best);
  }
  return random.permutation(classes).map((i) => chosen[i]);
}

/** Mean patch of every pattern (the last: of no write) and the spread within patterns, per latent. */
function patternMeans(patches: Float32Array, latents: number, patternOf: Int32Array, patternCount: number) {
  const groupOf = (n: number) => (patternOf[n] === NOTHING ? patternCount : patternOf[n]);
  const means = Array.from({ length: patternCount + 1 }, () => new Float64Array(latents));
  const counts = new Float64Array(patternCount + 1);
  for (let n = 0; n < patternOf.length; n++) {
    if (groupOf(n) < 0) continue;
    counts[groupOf(n)]++;
    for (let d = 0; d < latents; d++) means[groupOf(n)][d] += patches[n * latents + d];
  }
  means.forEach((mean, g) => {
    for (let d = 0; d < latents; d++) mean[d] /= Math.max(1, counts[g]);
  });
  const spread = new Float64Array(latents);
  let total = 0;
  for (let n = 0; n < patternOf.length; n++) {
    if (groupOf(n) < 0) continue;
    total++;
    for (let d = 0; d < latents; d++) spread[d] += (patches[n * latents + d] - means[groupOf(n)][d]) ** 2;
  }
  return { means, spread: spread.map((sum) => Math.sqrt(sum / total) + 1e-6) };
}
