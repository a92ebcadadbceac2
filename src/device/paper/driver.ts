/**
 * A device of paper: a profile and a clock, with nothing behind. It takes what the safety gate lets pass, and answers nothing, so
 * that a plan can be judged before a device is touched. It counts as simulated: no books on disk are written.
 */
import type { Driver, Frame, Spikes, StimulableProfile } from "../contract.ts";
import type { ClearedPulses } from "../gate/cleared.ts";
import { takeCleared } from "../gate/open.ts";
import { assertReadable } from "../reading.ts";

export class PaperDriver implements Driver {
  readonly profile: StimulableProfile;
  private frame: Frame = 0;
  private closed = false;

  constructor(profile: StimulableProfile) {
    this.profile = { ...profile, preparation: "simulated" };
  }

  now(): Frame {
    return this.frame;
  }

  async read(untilFrame: Frame): Promise<Spikes> {
    assertReadable(this, this.closed, this.frame, untilFrame);
    this.frame = untilFrame;
    return { frames: new Float64Array(0), channels: new Uint16Array(0) };
  }

  async deliver(pulses: ClearedPulses): Promise<void> {
    takeCleared(this, pulses);
  }

  async cancel(): Promise<void> {}

  async close(): Promise<void> {
    this.closed = true;
  }
}
