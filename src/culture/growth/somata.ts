/** Where somata settle on a sheet, and how they are numbered. */
import type { Random } from "../../math/random.ts";
import { alongCurve } from "./curve.ts";
import type { SheetPlan } from "./sheet.ts";

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

/**
 * The same somata, those of each kind numbered so that neighbours have near numbers: what a spike reaches then lies
 * together in memory.
 */
export function numberByPlace(positionsMm: Float32Array, excitatoryCount: number): Float32Array {
  const order = alongCurve(positionsMm);
  const out = new Float32Array(positionsMm.length);
  let [excitatory, inhibitory] = [0, excitatoryCount];
  for (const cell of order) {
    const to = cell < excitatoryCount ? excitatory++ : inhibitory++;
    out[2 * to] = positionsMm[2 * cell];
    out[2 * to + 1] = positionsMm[2 * cell + 1];
  }
  return out;
}
