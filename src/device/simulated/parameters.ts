/** How the simulated electrodes couple to the culture. Distances from soma to electrode centre, in the plane. */
import { z } from "zod";

const positive = z.number().positive();

export const simulatedMeaSchema = z.strictObject({
  stimulation: z.strictObject({
    /** Depolarisation by a full pulse of a cell on the electrode; at distance d: times exp(-(d / reach)^2). */
    fullMv: positive,
    reachMm: positive,
    /** Charge per phase of a full pulse. The depolarisation is proportional to the charge. */
    fullChargeNc: positive,
  }),
  detection: z.strictObject({
    /** A cell is seen by its nearest electrode only, if that is within this distance. */
    radiusMm: positive,
    /** Share of spikes detected from a cell on the electrode; at distance d: times exp(-(d / fall)^2). */
    probability: z.number().min(0).max(1),
    fallMm: positive,
    /** False detections per electrode. */
    noiseHz: z.number().min(0).max(1000),
    /** After a detection an electrode sees nothing for this long. */
    deadTimeUs: z.number().min(0),
    /** After the start of any pulse the whole array sees nothing for this long. */
    blankingUs: z.number().min(0),
  }),
});

export type SimulatedMeaParameters = z.infer<typeof simulatedMeaSchema>;

export const simulatedMeaDefaults: SimulatedMeaParameters = {
  stimulation: { fullMv: 40, reachMm: 0.11, fullChargeNc: 0.4 },
  detection: {
    radiusMm: 0.09,
    probability: 0.95,
    fallMm: 0.08,
    noiseHz: 0.3,
    deadTimeUs: 1000,
    blankingUs: 2000,
  },
};

/** Every spike is seen, and nothing else. */
export const idealDetection: SimulatedMeaParameters["detection"] = {
  ...simulatedMeaDefaults.detection,
  probability: 1,
  noiseHz: 0,
  deadTimeUs: 0,
  blankingUs: 0,
};
