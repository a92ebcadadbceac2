/** Seeded Gaussian noise with spikes in it, for fakes that send raw samples. */
import { Random } from "../../math/random.ts";

export class NoisySpikes {
  private readonly random: Random;

  constructor(
    seed: number,
    /** A spike every so many frames, moved by channel. */
    private readonly every: number,
    /** How deep a spike is, in standard deviations. */
    private readonly depth = 15,
  ) {
    this.random = Random.of(seed, "fake");
  }

  /** The sample of a channel at a frame: call in frame order. */
  at(frame: number, channel: number): number {
    const radius = Math.sqrt(-2 * Math.log(this.random.uniform()));
    const gauss = radius * Math.cos(2 * Math.PI * this.random.uniform());
    return 10 * (gauss - ((frame + 37 * channel) % this.every === 0 ? this.depth : 0));
  }
}
