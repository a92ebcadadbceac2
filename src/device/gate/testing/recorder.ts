/** An electrode array in a vacuum, for tests: it keeps what is delivered, and its clock moves when it is read. */
import type { Driver, Frame, Pulse, Spikes, StimulableProfile } from "../../contract.ts";
import type { ClearedPulses } from "../cleared.ts";
import { takeCleared } from "../open.ts";

export class Recorder implements Driver {
  delivered: Pulse[] = [];
  /** Every list that came, as it was sealed. */
  readonly lists: ClearedPulses[] = [];

  constructor(
    readonly profile: StimulableProfile,
    private frame: Frame = 0,
  ) {}

  now() {
    return this.frame;
  }

  async read(untilFrame: Frame): Promise<Spikes> {
    this.frame = untilFrame;
    return { frames: new Float64Array(), channels: new Uint16Array() };
  }

  async deliver(pulses: ClearedPulses) {
    takeCleared(this, pulses);
    this.lists.push(pulses);
    this.delivered.push(...pulses);
  }

  async cancel() {
    this.delivered = this.delivered.filter(({ frame }) => frame < this.frame);
  }

  async close() {}
}

const materials = ["platinum", "titanium-nitride", "pedot", "unknown"] as const;

/** Six electrodes that differ, one of them reserved. */
export const recorderProfile: StimulableProfile = {
  name: "recorder",
  preparation: "simulated",
  framesPerSecond: 1000,
  electrodes: Array.from({ length: 6 }, (_, channel) => ({
    channel,
    xUm: 0,
    yUm: 0,
    material: materials[channel % 4],
    areaUm2: [2000, 700, 200, 700, 700, 20][channel],
  })),
  reservedChannels: [4],
};
