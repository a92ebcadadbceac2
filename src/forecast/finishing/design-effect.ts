/**
 * How much less information counts hold than as many independent ones would: the spikes of a burst are correlated, over
 * channels and for hundreds of milliseconds. The largest generalised design effect of a Poisson regression (Rao & Scott 1981,
 * https://doi.org/10.1080/01621459.1981.10477633), with the variance of its score taken from blocks of time.
 */
import { choleskyFactor, substitute } from "../../math/linear.ts";
import { symmetricEigen } from "../../math/principal.ts";

const BLOCKS = 12;

/** Features `[n, P]` (row-major), counts `[n]` and the log of the expected counts `[n]`, in the order of time. */
export interface Regression {
  readonly features: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
  readonly offset: ArrayLike<number>;
}

/**
 * The largest eigenvalue of H^-1 J at coefficients `beta [P]` of log rate = offset + features . beta: H the information that
 * independent counts would hold, J the variance between blocks of the score. At least 1. The `parts` are at the same times.
 */
export function designEffect(parts: readonly Regression[], beta: readonly number[]): number {
  const P = beta.length;
  const information = new Float64Array(P * P);
  const scores = Array.from({ length: BLOCKS }, () => new Float64Array(P));
  for (const { features, counts, offset } of parts)
    for (let row = 0; row < counts.length; row++) {
      const at = row * P;
      let eta = offset[row];
      for (let i = 0; i < P; i++) eta += features[at + i] * beta[i];
      const rate = Math.exp(Math.max(-15, Math.min(5, eta)));
      const score = scores[Math.floor((row * BLOCKS) / counts.length)];
      for (let i = 0; i < P; i++) {
        const x = features[at + i];
        score[i] += (counts[row] - rate) * x;
        for (let j = 0; j < P; j++) information[i * P + j] += rate * x * features[at + j];
      }
    }
  let trace = 0;
  for (let i = 0; i < P; i++) trace += information[i * P + i];
  if (trace === 0) return 1;
  for (let i = 0; i < P; i++) information[i * P + i] += 1e-6 * trace;
  const mean = scores[0].map((_, i) => scores.reduce((sum, score) => sum + score[i] / BLOCKS, 0));
  const apart = scores.map((score) => score.map((value, i) => value - mean[i]));
  // H^-1 J and the smaller matrix of products of scores have the same eigenvalues.
  const factor = choleskyFactor(information, P);
  const solved = apart.map((score) => substitute(factor, score));
  const products = apart.flatMap((score) =>
    solved.map((other) => score.reduce((sum, value, i) => sum + value * other[i], 0)),
  );
  return Math.max(1, (symmetricEigen(products, BLOCKS).values[0] * BLOCKS) / (BLOCKS - 1));
}
