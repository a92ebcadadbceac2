/**
 * Quiets a bursting culture for training. Stimulation spread over the electrodes (spread.ts) keeps a culture from bursting,
 * and a tissue that is
 * kept active scales its excitatory synapses down (Turrigiano et al. 1998, https://doi.org/10.1038/36103), so that
 * it stays quiet when the stimulation ends. Tissue takes a day or two for this; the simulation does it faster, evenly
 * over the protocol. Every pulse passes the safety gate. Plasticity is left at 0.
 */
import { Random } from "../../math/random.ts";
import type { Device } from "../contract.ts";
import { SPREAD_PER_SECOND, SpreadPulses } from "./spread.ts";

export interface QuietingOptions {
  readonly seed: number;
  readonly seconds?: number;
  readonly pulsesPerSecond?: number;
  /** What is left of the sum of each cell's excitatory input. */
  readonly scaling?: number;
}

const quietingDefaults = { seconds: 10, pulsesPerSecond: SPREAD_PER_SECOND, scaling: 0.4 } as const;

export async function quietCulture(device: Device, options: QuietingOptions): Promise<void> {
  const { seed, seconds, pulsesPerSecond, scaling } = { ...quietingDefaults, ...options };
  const { simulated, profile } = device;
  if (!simulated)
    throw new Error(
      `quietCulture: device ${profile.name} expected a simulated culture, whose synapses can be scaled at once`,
    );
  if (!(Number.isInteger(seconds) && seconds >= 1))
    throw new RangeError(`quietCulture: expected a whole number of seconds, got ${seconds}`);
  const spread = new SpreadPulses(profile, Random.of(seed, "quieting"), pulsesPerSecond);
  simulated.plasticity(0);
  for (let second = 0; second < seconds; second++) {
    const start = device.now();
    await device.stimulate(spread.second(start));
    await device.read(start + profile.framesPerSecond);
    simulated.scaleExcitation(scaling ** (1 / seconds));
  }
}
