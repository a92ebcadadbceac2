/** Gamma variates (Marsaglia and Tsang 2000, https://doi.org/10.1145/358407.358414). */
import type { Random } from "../../math/random.ts";

/** A number of the given mean whose standard deviation is `deviation` times it; `deviation` at most 1. */
export function gamma(random: Random, mean: number, deviation: number): number {
  if (mean <= 0 || deviation <= 0) return Math.max(0, mean);
  const shape = 1 / deviation ** 2;
  if (shape < 1) throw new RangeError(`gamma: expected a deviation of at most 1, got ${deviation}`);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return (mean * d * v) / shape;
  }
}
