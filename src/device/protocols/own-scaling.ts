/**
 * Quieting as tissue does it by itself: stimulation spread over the electrodes for hours, while each cell scales its excitatory input
 * so that it comes back to its own rate (Turrigiano et al. 1998, https://doi.org/10.1038/36103). Plasticity is full meanwhile. The
 * simulation hurries the scaling alone, by a factor that is told; all pulses pass the safety gate.
 */
import { Random } from "../../math/random.ts";
import type { Device } from "../contract.ts";
import { SpreadPulses } from "./spread.ts";

/** What is assumed of tissue. */
export interface OwnScaling {
  /** The rate that each excitatory cell comes back to. */
  readonly targetHz: number;
  /** In which a cell at twice that rate loses all but 1/e of its input. */
  readonly eFoldHours: number;
  /** Least share of the input it grew with that a cell scales down to. */
  readonly limit: number;
  /** How long it is stimulated, in the tissue's hours, and how many times faster its scaling runs than life meanwhile. */
  readonly hours: number;
  readonly hurried: number;
}

/**
 * Default culture, DIV 21: its excitatory cells fire at 1.7 to 1.9 Hz, so that left alone it stays as it is, and stimulated for a day
 * its input settles at some .4 of what it grew with.
 */
export const OWN_SCALING: OwnScaling = { targetHz: 2, eFoldHours: 17, limit: 0.4, hours: 25, hurried: 300 };

/** The homeostasis of a culture that scales so. */
export function homeostasisOf({ targetHz, eFoldHours }: OwnScaling) {
  return { rate: { targetHz, speed: 1 / (3600 * eFoldHours), memoryMs: 60_000 } };
}

/** Without stimulation afterwards, before anything is asked of it. */
const ALONE_SECONDS = 60;

export async function quietByItself(device: Device, seed: number, scaling: OwnScaling): Promise<void> {
  const { simulated, profile } = device;
  const { hours, hurried, limit } = scaling;
  if (!simulated) throw new Error(`quietByItself: device ${profile.name} expected a simulated culture`);
  const spread = new SpreadPulses(profile, Random.of(seed, "quieting"));
  const seconds = Math.round((3600 * hours) / hurried);
  simulated.plasticity(1);
  simulated.hurryHomeostasis(hurried);
  for (let second = 0; second < seconds + ALONE_SECONDS; second++) {
    if (second === seconds) simulated.hurryHomeostasis(1);
    const start = device.now();
    if (second < seconds) await device.stimulate(spread.second(start));
    await device.read(start + profile.framesPerSecond);
    simulated.limitScaling(limit);
  }
}
