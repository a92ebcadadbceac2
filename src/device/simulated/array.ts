/** The simulated scaffold: 8 x 8 titanium nitride discs, 30 um across, 200 um apart, numbered down the columns. */
import type { StimulableProfile } from "../contract.ts";

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
