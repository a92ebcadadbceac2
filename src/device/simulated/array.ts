/** The simulated scaffold: 8 x 8 titanium nitride discs, 30 um across, 200 um apart, numbered down the columns. */
import type { StimulableProfile } from "../profile.ts";

export const ROWS = 8;
export const COLUMNS = 8;
const PITCH_UM = 200;
const EDGE_UM = 100;
const AREA_UM2 = Math.PI * 15 * 15;

export const simulatedProfile: StimulableProfile = {
  name: "simulated MEA 8x8",
  preparation: "simulated",
  framesPerSecond: 25_000,
  electrodes: Array.from({ length: ROWS * COLUMNS }, (_, channel) => ({
    channel,
    xUm: EDGE_UM + PITCH_UM * Math.floor(channel / ROWS),
    yUm: EDGE_UM + PITCH_UM * (channel % ROWS),
    areaUm2: AREA_UM2,
    material: "titanium-nitride",
  })),
  reservedChannels: [],
  hardware: { maxCurrentUa: 3, maxChargePerPhaseNc: 3 },
};

/** An array, and an ideal electrode on each of the cells at `positionsMm [N, 2]`, reserved: it never stimulates. */
export function withIdealElectrodes(array: StimulableProfile, positionsMm: Float32Array): StimulableProfile {
  const { electrodes } = array;
  const channels = Array.from({ length: positionsMm.length / 2 }, (_, cell) => electrodes.length + cell);
  return {
    ...array,
    name: `${array.name} with an ideal electrode on every cell`,
    electrodes: [
      ...electrodes,
      ...channels.map((channel, cell) => ({
        channel,
        xUm: 1000 * positionsMm[2 * cell],
        yUm: 1000 * positionsMm[2 * cell + 1],
        areaUm2: 1,
        material: "unknown" as const,
      })),
    ],
    reservedChannels: [...array.reservedChannels, ...channels],
  };
}
