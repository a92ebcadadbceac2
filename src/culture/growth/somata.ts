/** Where somata settle on a sheet or in a ball, and how they are numbered. */
import type { Random } from "../../math/random.ts";
import type { Places } from "../anatomy.ts";
import { alongCurve } from "./curve.ts";
import type { Ball, SheetPlan } from "./sheet.ts";

/** Somata of both kinds, uniform in the rectangle but for those in clumps. */
export function settle(random: Random, sheet: SheetPlan): Float32Array {
  const { neurons, widthMm, heightMm, cornerMm = [0, 0], clumpedShare, clumps, clumpMm } = sheet;
  const sidesMm = [widthMm, heightMm];
  const centres = Array.from({ length: 2 * clumps }, (_, i) => random.uniform() * sidesMm[i % 2]);
  const positions = new Float32Array(2 * neurons);
  for (let i = 0; i < neurons; i++) {
    const clump = random.uniform() < clumpedShare ? random.integer(clumps) : undefined;
    for (let axis = 0; axis < 2; axis++) {
      const at =
        clump === undefined
          ? random.uniform() * sidesMm[axis]
          : centres[2 * clump + axis] + clumpMm * random.normal();
      positions[2 * i + axis] = cornerMm[axis] + reflect(at, sidesMm[axis]);
    }
  }
  return positions;
}

/** Brings a point beyond the edge back inside, as if mirrored there. */
function reflect(at: number, sideMm: number): number {
  const folded = Math.abs(at) % (2 * sideMm);
  return folded < sideMm ? folded : 2 * sideMm - folded;
}

/** Somata uniform in a ball that stands on the plane. */
export function settleInBall(
  random: Random,
  neurons: number,
  { diameterMm, footMm }: Ball,
): Required<Places> {
  const positionsMm = new Float32Array(2 * neurons);
  const heightsMm = new Float32Array(neurons);
  const radiusMm = diameterMm / 2;
  for (let i = 0; i < neurons; i++) {
    const [x, y, z] = [random.normal(), random.normal(), random.normal()];
    const length = (radiusMm * Math.cbrt(random.uniform())) / Math.hypot(x, y, z);
    positionsMm[2 * i] = footMm[0] + length * x;
    positionsMm[2 * i + 1] = footMm[1] + length * y;
    heightsMm[i] = radiusMm + length * z;
  }
  return { positionsMm, heightsMm };
}

/**
 * The same somata, those of each kind numbered so that neighbours have near numbers: what a spike reaches then lies
 * together in memory.
 */
export function numberByPlace(places: Places, excitatoryCount: number): Places {
  const { positionsMm, heightsMm } = places;
  const order = alongCurve(places);
  const cellAt = new Uint32Array(order.length);
  let [excitatory, inhibitory] = [0, excitatoryCount];
  for (const cell of order) cellAt[cell < excitatoryCount ? excitatory++ : inhibitory++] = cell;
  return {
    positionsMm: positionsMm.map((_, k) => positionsMm[2 * cellAt[k >> 1] + (k & 1)]),
    ...(heightsMm && { heightsMm: heightsMm.map((_, i) => heightsMm[cellAt[i]]) }),
  };
}
