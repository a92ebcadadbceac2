/**
 * What descent on punished odours descends on. A state `[S, K]` holds the roots of what the readout's parts fire to each odour; liking is
 * approach / (approach + avoid) over their sums, as it is read; the loss is the mean over pairs of a punished odour p and another q of
 * ln(1 + exp(-sharpness (liking q - liking p))).
 */
import type { Objective } from "../descent/descend.ts";

/** How sharp a difference of liking decides: noise of a liking is some 0.05. */
const SHARPNESS = 20;
const LEAST = 1e-3;

/** `isApproach`: of each part of the readout. */
export function likedLess(isPunished: readonly boolean[], isApproach: readonly boolean[]): Objective {
  const K = isApproach.length;
  const pairs = isPunished.flatMap((bad, p) =>
    isPunished.flatMap((other, q) => (bad && !other ? [[p, q] as const] : [])),
  );
  return (state) => {
    const roots = state.map((y) => Math.max(LEAST, y));
    const sums = isPunished.map((_, s) => {
      const sum = { toward: 0, away: 0 };
      for (let k = 0; k < K; k++) sum[isApproach[k] ? "toward" : "away"] += roots[K * s + k] ** 2;
      return sum;
    });
    const liking = sums.map(({ toward, away }) => toward / (toward + away));
    const byLiking = new Float64Array(isPunished.length);
    let loss = 0;
    for (const [p, q] of pairs) {
      const x = SHARPNESS * (liking[q] - liking[p]);
      loss += (x > 0 ? Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)) - x) / pairs.length;
      const pull = SHARPNESS / (1 + Math.exp(x)) / pairs.length;
      byLiking[p] += pull;
      byLiking[q] -= pull;
    }
    const slope = Float64Array.from(state, (y, at) => {
      if (y <= LEAST) return 0;
      const s = Math.floor(at / K);
      const { toward, away } = sums[s];
      const byRoot = isApproach[at % K] ? 2 * away : -2 * toward;
      return (byLiking[s] * byRoot * y) / (toward + away) ** 2;
    });
    return { loss, slope };
  };
}
