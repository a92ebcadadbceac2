/** Poisson regression with a ridge, by Newton's method with bounded steps, so that few spikes cannot run away. */
import { choleskySolve } from "../../math/linear.ts";

const ITERATIONS = 12;
const LARGEST_STEP = 0.5;
/** The ridge of the first coefficient, that of the constant. */
const CONSTANT_RIDGE = 0.1;

export interface CountRegression {
  /** `[n, P]` row-major, the first one constant. */
  readonly features: Float64Array;
  /** `[n]` */
  readonly counts: Float64Array;
  /** Log rate at coefficients of 0: one, or `[n]`. */
  readonly offset: number | Float64Array;
}

/**
 * Coefficients `[P]` of log rate = offset + features . coefficients. The ridge pulls towards 0, in units
 * of the information of that many spikes: one for all but the constant, or `[P]`. `start [P]` is where Newton's method begins.
 */
export function dampedPoissonRegression(
  { features, counts, offset }: CountRegression,
  ridge: number | readonly number[],
  start?: Float64Array,
): Float64Array {
  const n = counts.length;
  const P = features.length / n;
  const beta = start ? Float64Array.from(start) : new Float64Array(P);
  const gradient = new Float64Array(P);
  const hessian = new Float64Array(P * P);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    gradient.fill(0);
    hessian.fill(0);
    for (let row = 0; row < n; row++) {
      const at = row * P;
      let eta = typeof offset === "number" ? offset : offset[row];
      for (let i = 0; i < P; i++) eta += features[at + i] * beta[i];
      const rate = Math.exp(Math.max(-15, Math.min(5, eta)));
      const residual = counts[row] - rate;
      for (let i = 0; i < P; i++) {
        const x = features[at + i];
        gradient[i] += residual * x;
        const scaled = rate * x;
        for (let j = 0; j <= i; j++) hessian[i * P + j] += scaled * features[at + j];
      }
    }
    for (let i = 0; i < P; i++) {
      const penalty = typeof ridge !== "number" ? ridge[i] : i === 0 ? CONSTANT_RIDGE : ridge;
      gradient[i] -= penalty * beta[i];
      hessian[i * P + i] += penalty;
      for (let j = 0; j < i; j++) hessian[j * P + i] = hessian[i * P + j];
    }
    const step = choleskySolve(hessian, gradient);
    const largest = step.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const damping = Math.min(1, LARGEST_STEP / Math.max(largest, 1e-12));
    for (let i = 0; i < P; i++) beta[i] += damping * step[i];
    if (largest < 3e-3) break;
  }
  return beta;
}
