/** The weights of a culture as a map: the mean excitatory synapse from the cells at each electrode to those at each other. */

import { nearestElectrodes } from "../nearest.ts";
import type { Subject } from "../subject.ts";
import type { Live } from "./live.ts";

/** Sends the map, if anybody watches. */
export function showWeights(live: Live, { device, simulated }: Subject): void {
  if (!live.isWatched) return;
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
  const frame = device.now();
  live.show({
    type: "weights",
    culture: live.culture,
    startFrame: frame,
    endFrame: frame,
    from: n,
    to: n,
    mean,
  });
}
