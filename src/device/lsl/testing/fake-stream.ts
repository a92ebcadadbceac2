/** A stream of noise with deflections, through this room's outlet, many times faster than its own time stamps say. */
import type { PeerControls } from "../../conformance.ts";
import { NoisySpikes } from "../../testing/noise.ts";
import { LslOutlet, type OutletOptions } from "../outlet.ts";

const SAMPLES_PER_BEAT = 25;
const BEAT_MS = 5;
const SPIKE_EVERY = 125;

export class FakeStream implements PeerControls {
  private outlet: LslOutlet | undefined;
  private noise = new NoisySpikes(8, SPIKE_EVERY);
  private timer: NodeJS.Timeout | undefined;
  private held = 0;
  private frame = 0;
  private queue: { timeS: number; values: number[] }[] = [];

  constructor(private readonly options: OutletOptions) {}

  async begin(): Promise<LslOutlet> {
    if (this.outlet) return this.outlet;
    this.outlet = await LslOutlet.open(this.options);
    const { channels, samplesPerSecond } = this.options;
    this.timer = setInterval(() => {
      if (this.outlet!.consumers === 0) return;
      for (let i = 0; i < SAMPLES_PER_BEAT; i++, this.frame++) {
        const values = Array.from({ length: channels }, (_, channel) => this.noise.at(this.frame, channel));
        this.queue.push({ timeS: 5000 + this.frame / samplesPerSecond, values });
      }
      if (performance.now() < this.held) return;
      for (const { timeS, values } of this.queue.splice(0)) this.outlet!.push(values, timeS);
    }, BEAT_MS);
    return this.outlet;
  }

  hold(ms: number): void {
    this.held = performance.now() + ms;
  }

  async cut(): Promise<void> {
    clearInterval(this.timer);
    this.queue = [];
    await this.outlet?.close();
    this.outlet = undefined;
  }
}
