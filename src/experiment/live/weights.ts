/** The weights of a culture as a map: the mean excitatory synapse from the cells at each electrode to those at each other. */

import { nearestElectrodes } from "../nearest.ts";
import type { Subject } from "../subject.ts";
import type { Live } from "./live.ts";

/** Mean weights `[from, to]` between the cells at `side` electrodes; NaN where no synapse joins them. */
export function weightMap({ device, simulated }: Subject): { side: number; mean: Float32Array } {
  const { electrodes } = device.profile;
  const n = electrodes.length;
  const { culture } = simulated;
  const nearest = nearestElectrodes(culture, electrodes);
  const place = new Map(electrodes.map(({ channel }, row) => [channel, row]));
  const rows = Uint16Array.from(nearest, (channel) => place.get(channel) ?? 0);
  const { pre, post } = culture.anatomy.synapses;
  const weights = culture.weights();
  const mean = new Float32Array(n * n);
  const count = new Uint32Array(n * n);
  for (const synapse of culture.plasticSynapses()) {
    const cell = rows[pre[synapse]] * n + rows[post[synapse]];
    mean[cell] += weights[synapse];
    count[cell]++;
  }
  for (let cell = 0; cell < mean.length; cell++)
    mean[cell] = count[cell] === 0 ? Number.NaN : mean[cell] / count[cell];
  return { side: n, mean };
}

/** Sends the map, if anybody watches. */
export function showWeights(live: Live, subject: Subject): void {
  if (!live.isWatched) return;
  const { side, mean } = weightMap(subject);
  const frame = subject.device.now();
  const stamp = { culture: live.culture, startFrame: frame, endFrame: frame };
  live.show({ type: "weights", ...stamp, from: side, to: side, mean });
}
