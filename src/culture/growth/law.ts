/** The law of contact: what growth asks of every pair of cells, whether it looks at all pairs or draws the few that meet. */

import type { Places } from "../anatomy.ts";

export interface ContactLaw extends Places {
  /** Reach of each axon as a multiple of the culture's. */
  readonly vigour: Float32Array;
  /** The culture's reach when full grown. */
  readonly fullReachMm: number;
}

/** Told how many of the axons have met their cells. */
export type OnGrowth = (done: number, total: number) => void;

export function distanceMm({ positionsMm, heightsMm }: Places, i: number, j: number): number {
  const dx = positionsMm[2 * i] - positionsMm[2 * j];
  const dy = positionsMm[2 * i + 1] - positionsMm[2 * j + 1];
  const dz = heightsMm === undefined ? 0 : heightsMm[i] - heightsMm[j];
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}

/** The least p0 at which as many synapses as `wanted` are expected, to a millionth of a power of two (bisection). */
export function solveScale(wanted: number, expected: (p0: number) => number): number {
  let [low, high] = [0, 1];
  while (expected(high) < wanted) [low, high] = [high, 2 * high];
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2;
    if (expected(middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}
