/** A cut: which synapses end or begin in a disc of the dish. */
import type { TissueImage } from "../device/simulated/image.ts";

export interface Disc {
  readonly xUm: number;
  readonly yUm: number;
  readonly radiusUm: number;
}

/** The synapses from and onto the cells of a disc, ascending. */
export function synapsesIn({ anatomy, synapses }: TissueImage, { xUm, yUm, radiusUm }: Disc): Int32Array {
  const { positionsMm } = anatomy;
  const isIn = Uint8Array.from({ length: positionsMm.length / 2 }, (_, cell) => {
    const [x, y] = [1000 * positionsMm[2 * cell] - xUm, 1000 * positionsMm[2 * cell + 1] - yUm];
    return x * x + y * y <= radiusUm * radiusUm ? 1 : 0;
  });
  return Int32Array.from(synapses.pre.keys()).filter(
    (k) => isIn[synapses.pre[k]] === 1 || isIn[synapses.post[k]] === 1,
  );
}
