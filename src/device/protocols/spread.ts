/**
 * Stimulation spread over the electrodes: one pulse after the other, each electrode once before any is used again, in an order
 * that never repeats. About 50 a second keep a culture from bursting (Wagenaar, Madhavan, Pine & Potter 2005,
 * https://doi.org/10.1523/JNEUROSCI.4209-04.2005).
 */
import type { Random } from "../../math/random.ts";
import type { DeviceProfile, Frame, Pulse } from "../contract.ts";
import { pulsesFor } from "../stimulation.ts";

export const SPREAD_PER_SECOND = 50;

export class SpreadPulses {
  private readonly usable: readonly number[];
  private order: number[] = [];

  constructor(
    private readonly profile: DeviceProfile,
    private readonly random: Random,
    private readonly perSecond: number = SPREAD_PER_SECOND,
  ) {
    this.usable = profile.electrodes
      .map(({ channel }) => channel)
      .filter((channel) => !profile.reservedChannels.includes(channel));
  }

  /** The pulses of the next second, which begins at `start`. */
  second(start: Frame): Pulse[] {
    const gap = Math.floor(this.profile.framesPerSecond / this.perSecond);
    return Array.from({ length: this.perSecond }, (_, k) => {
      if (this.order.length === 0) this.order = this.random.permutation(this.usable.length);
      return pulsesFor([this.usable[this.order.pop()!]], 1, start + k * gap, this.profile);
    }).flat();
  }
}
