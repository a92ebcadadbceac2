/** Poisson draws. Knuth's product method below a mean of 30, else the normal approximation, rounded, which is within 1 %. */
import type { Random } from "./random.ts";

export function drawPoisson(random: Random, mean: number): number {
  if (!(mean >= 0)) throw new RangeError(`drawPoisson: expected a mean >= 0, got ${mean}`);
  if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count++;
  return count;
}
