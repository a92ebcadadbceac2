/**
 * Quiets a bursting culture for training. Stimulation spread over the electrodes, about 50 pulses per second, keeps
 * a culture from bursting (Wagenaar, Madhavan, Pine & Potter 2005, "Controlling bursting in cortical cultures with
 * closed-loop multi-electrode stimulation", https://doi.org/10.1523/JNEUROSCI.4209-04.2005), and a tissue that is
 * kept active scales its excitatory synapses down (Turrigiano et al. 1998, https://doi.org/10.1038/36103), so that
 * it stays quiet when the stimulation ends. Tissue takes a day or two for this; the simulation does it faster, evenly
 * over the protocol. Every pulse passes the safety gate. Plasticity is left at 0.
 */
import { Random } from "../../math/random.ts";
import type { Device, Pulse } from "../contract.ts";
import { pulsesFor } from "../stimulation.ts";

export interface QuietingOptions {
  readonly seed: number;
  readonly seconds?: number;
  readonly pulsesPerSecond?: number;
  /** What is left of the sum of each cell's excitatory input. */
  readonly scaling?: number;
}

const quietingDefaults = { seconds: 10, pulsesPerSecond: 50, scaling: 0.4 } as const;

export async function quietCulture(device: Device, options: QuietingOptions): Promise<void> {
  const { seed, seconds, pulsesPerSecond, scaling } = { ...quietingDefaults, ...options };
  const { simulated, profile } = device;
  if (!simulated)
    throw new Error(
      `quietCulture: device ${profile.name} expected a simulated culture, whose synapses can be scaled at once`,
    );
  if (!(Number.isInteger(seconds) && seconds >= 1))
    throw new RangeError(`quietCulture: expected a whole number of seconds, got ${seconds}`);
  const usable = profile.electrodes
    .map(({ channel }) => channel)
    .filter((channel) => !profile.reservedChannels.includes(channel));
  const random = Random.of(seed, "quieting");
  const gap = Math.floor(profile.framesPerSecond / pulsesPerSecond);
  simulated.plasticity(0);
  let order: number[] = [];
  for (let second = 0; second < seconds; second++) {
    const start = device.now();
    const pulses: Pulse[] = [];
    for (let k = 0; k < pulsesPerSecond; k++) {
      // Each electrode once before any is used again, in an order that never repeats.
      if (order.length === 0) order = random.permutation(usable.length);
      pulses.push(...pulsesFor([usable[order.pop()!]], 1, start + k * gap, profile));
    }
    await device.stimulate(pulses);
    await device.read(start + profile.framesPerSecond);
    simulated.scaleExcitation(scaling ** (1 / seconds));
  }
}
