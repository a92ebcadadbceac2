/**
 * What descent on punished odours descends on. A state `[S, 2]` holds the roots of what approach and avoidance fire to each odour; liking is
 * approach / (approach + avoid), as it is read; the loss is the mean over pairs of a punished odour p and another q of
 * ln(1 + exp(-sharpness (liking q - liking p))).
 */
import type { Objective } from "../descent/descend.ts";

/** How sharp a difference of liking decides: noise of a liking is some 0.05. */
const SHARPNESS = 20;
const LEAST = 1e-3;

export function likedLess(isPunished: readonly boolean[]): Objective {
  const pairs = isPunished.flatMap((bad, p) =>
    isPunished.flatMap((other, q) => (bad && !other ? [[p, q] as const] : [])),
  );
  return (state) => {
    const roots = state.map((y) => Math.max(LEAST, y));
    const liking = isPunished.map((_, s) => {
      const [approach, avoid] = [roots[2 * s] ** 2, roots[2 * s + 1] ** 2];
      return approach / (approach + avoid);
    });
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
      const s = at >> 1;
      const both = roots[2 * s] ** 2 + roots[2 * s + 1] ** 2;
      const other = roots[at ^ 1] ** 2;
      return (byLiking[s] * (at % 2 === 0 ? 2 : -2) * y * other) / both ** 2;
    });
    return { loss, slope };
  };
}
