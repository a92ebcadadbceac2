/** The weights of a culture as a map: the mean excitatory synapse from the cells at each electrode to those at each other. */
import type { Electrode } from "../../device/contract.ts";
import type { TissueImage } from "../../device/simulated/image.ts";

/** Rows and columns of a map; on a larger array neighbours in the device's order share one. */
const MOST = 256;

/** Mean weights `[from, to]` between the cells at `side` electrodes, or groups of them; NaN where no synapse joins them. */
export function weightMap(
  { synapses, plastic, coupling }: TissueImage,
  electrodes: readonly Electrode[],
): { side: number; mean: Float32Array<ArrayBuffer> } {
  const shared = Math.ceil(electrodes.length / MOST);
  const n = Math.ceil(electrodes.length / shared);
  const place = new Map(electrodes.map(({ channel }, i) => [channel, Math.floor(i / shared)]));
  const rows = Uint16Array.from(coupling.nearest, (channel) => place.get(channel) ?? 0);
  const { pre, post, strength } = synapses;
  const mean = new Float32Array(n * n);
  const count = new Uint32Array(n * n);
  for (const synapse of plastic) {
    const cell = rows[pre[synapse]] * n + rows[post[synapse]];
    mean[cell] += strength[synapse];
    count[cell]++;
  }
  for (let cell = 0; cell < mean.length; cell++)
    mean[cell] = count[cell] === 0 ? Number.NaN : mean[cell] / count[cell];
  return { side: n, mean };
}
