/** Growth that asks every pair of cells: time and memory go with the square of their number. */
import type { Random } from "../../math/random.ts";
import { type ContactLaw, distanceMm, solveScale } from "./law.ts";

/** What two cells that meet make: the axon's reach (as a multiple of its vigour) at which they do. */
export type Meet = (pre: number, post: number, distanceMm: number, neededMm: number) => void;

/** The p0 at which the sum over pairs of min(1, p0 e^(-d / reach)) is `wanted`. */
export function scaleOverPairs(law: ContactLaw, wanted: number): number {
  const { vigour, fullReachMm } = law;
  const N = vigour.length;
  const nearness = new Float32Array(N * N);
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++)
      if (i !== j) nearness[i * N + j] = Math.exp(-distanceMm(law, i, j) / (fullReachMm * vigour[i]));
  return solveScale(wanted, (p0) => {
    let sum = 0;
    for (const value of nearness) sum += Math.min(1, p0 * value);
    return sum;
  });
}

export function meetOverPairs(law: ContactLaw, p0: number, luck: Random, meet: Meet): void {
  const { vigour, fullReachMm } = law;
  const N = vigour.length;
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++) {
      const chance = p0 / luck.uniform();
      if (i === j || chance <= 1) continue;
      const apart = distanceMm(law, i, j);
      const neededMm = apart / (vigour[i] * Math.log(chance));
      if (neededMm <= fullReachMm) meet(i, j, apart, neededMm);
    }
}
