/** How the electrodes of the simulated array couple to the cells: whom a pulse reaches, and who is seen by whom. */
import type { Places } from "../../culture/anatomy.ts";
import { type Indices, indicesFrom } from "../../culture/indices.ts";
import type { DeviceProfile, Electrode } from "../profile.ts";
import type { Frame } from "../signals.ts";
import { type Sensing, SpikeDetector, UNSEEN } from "./detector.ts";
import type { SimulatedMeaParameters } from "./parameters.ts";

/** The cells that a full pulse on a channel depolarises, and by how many mV. */
export interface ElectrodeReach {
  readonly channel: number;
  readonly neurons: Indices;
  readonly millivolts: Float32Array;
}

/** Plain data. */
export interface ElectrodeCoupling {
  /** One entry for each electrode, in the profile's order. */
  readonly reach: readonly ElectrodeReach[];
  /** Channel that sees each neuron `[N]`, -1 for none, and the share of its spikes that is detected `[N]`. */
  readonly seenOn: Int16Array;
  readonly detection: Float32Array;
  /** Channel of the electrode nearest to each neuron `[N]`, however far. */
  readonly nearest: Uint16Array;
  /** What a spike detector of this array needs. */
  readonly sensing: Sensing;
}

/** Depolarisations below this are not computed. */
const NEGLIGIBLE_MV = 0.01;

/** What a pulse on each electrode does to cells at `places`. */
export function reachOfElectrodes(
  { electrodes }: DeviceProfile,
  places: Places,
  stimulation: SimulatedMeaParameters["stimulation"],
): ElectrodeReach[] {
  return electrodes.map((electrode) => reachOfElectrode(electrode, places, stimulation));
}

function reachOfElectrode(
  { channel, xUm, yUm }: Electrode,
  { positionsMm, heightsMm }: Places,
  { fullMv, reachMm }: SimulatedMeaParameters["stimulation"],
): ElectrodeReach {
  const neurons: number[] = [];
  const millivolts: number[] = [];
  /** Beyond it, depolarisation is negligible for sure: most cells of a large culture. */
  const farMm2 = 1.001 * reachMm ** 2 * Math.log(fullMv / NEGLIGIBLE_MV);
  for (let cell = 0; cell < positionsMm.length / 2; cell++) {
    const dx = positionsMm[2 * cell] - xUm / 1e3;
    const dy = positionsMm[2 * cell + 1] - yUm / 1e3;
    const dz = heightsMm?.[cell] ?? 0;
    const mm2 = dx * dx + dy * dy + dz * dz;
    if (mm2 > farMm2) continue;
    const mv = fullMv * Math.exp(-mm2 / reachMm ** 2);
    if (mv < NEGLIGIBLE_MV) continue;
    neurons.push(cell);
    millivolts.push(mv);
  }
  return {
    channel,
    neurons: indicesFrom(positionsMm.length / 2, neurons),
    millivolts: Float32Array.from(millivolts),
  };
}

/** The whole coupling of cells at `positionsMm [N, 2]`, from what the device has computed for its own use. */
export function couplingOf(
  { electrodes }: DeviceProfile,
  positionsMm: Float32Array,
  reach: readonly ElectrodeReach[],
  sensing: Sensing,
): ElectrodeCoupling {
  const { seenBy, chance, channels } = sensing;
  return {
    reach,
    seenOn: seenBy.map((index) => (index === UNSEEN ? -1 : channels[index])),
    detection: Float32Array.from(chance, (each) => each / 2 ** 32),
    nearest: nearestElectrodes(electrodes, positionsMm),
    sensing,
  };
}

/** Channel of the nearest electrode, by neuron; of two as near, the first. */
function nearestElectrodes(electrodes: readonly Electrode[], positionsMm: Float32Array): Uint16Array {
  return Uint16Array.from({ length: positionsMm.length / 2 }, (_, neuron) => {
    const [x, y] = [1000 * positionsMm[2 * neuron], 1000 * positionsMm[2 * neuron + 1]];
    let [best, nearest] = [-1, Number.POSITIVE_INFINITY];
    for (const { channel, xUm, yUm } of electrodes) {
      const distance = Math.hypot(x - xUm, y - yUm);
      if (distance < nearest) [best, nearest] = [channel, distance];
    }
    return best;
  });
}

/** What a full pulse on a channel does. Throws if the array has no such channel. */
export function reachOf({ reach }: ElectrodeCoupling, channel: number): ElectrodeReach {
  const found = reach.find((each) => each.channel === channel);
  if (!found) throw new RangeError(`reachOf: expected a channel of the array, got ${channel}`);
  return found;
}

/** A detector like the device's, from `startFrame` on, with draws of its own. */
export function detectorOf({ sensing }: ElectrodeCoupling, seed: number, startFrame: Frame): SpikeDetector {
  return new SpikeDetector(sensing, seed, startFrame);
}
