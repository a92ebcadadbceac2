/** A device whose clock moves by reading: what it receives is what was delivered and not cancelled, at its frames. */
import type { Frame, Pulse, Spikes, StimulableProfile } from "../../src/device/contract.ts";
import type { ClearedPulses } from "../../src/device/gate/cleared.ts";
import { DEFAULT_LIMITS, type StimulationLimits } from "../../src/device/gate/limits.ts";
import { openDevice, takeCleared } from "../../src/device/gate/open.ts";
import { simulatedProfile } from "../../src/device/simulated/array.ts";
import { Random } from "../../src/math/random.ts";
import { type Outcome, replaySealed, Tally } from "./outcome.ts";
import { planOf } from "./plans.ts";
import { Received } from "./received.ts";

class Array64 {
  readonly profile: StimulableProfile = simulatedProfile;
  readonly tissue: object = this;
  lists: (readonly Pulse[])[] = [];
  private pending: Pulse[] = [];
  private frame: Frame = 0;

  constructor(private readonly received: Received) {}

  now(): Frame {
    return this.frame;
  }

  async read(untilFrame: Frame): Promise<Spikes> {
    const due = this.pending.filter(({ frame }) => frame < untilFrame);
    this.pending = this.pending.filter(({ frame }) => frame >= untilFrame);
    due.sort((a, b) => a.frame - b.frame);
    for (const pulse of due) this.received.add(pulse, (pulse.frame * 1e6) / this.profile.framesPerSecond);
    this.frame = untilFrame;
    return { frames: new Float64Array(), channels: new Uint16Array() };
  }

  async deliver(pulses: ClearedPulses): Promise<void> {
    this.pending.push(...takeCleared(this, pulses).pulses);
    this.lists = [...this.lists.slice(-3), pulses];
  }

  async cancel(): Promise<void> {
    this.pending = this.pending.filter(({ frame }) => frame < this.frame);
  }

  async close(): Promise<void> {}
}

/** Stricter than the defaults, so that every budget is reached. */
const STRICT: StimulationLimits = {
  ...DEFAULT_LIMITS,
  maxPulsesPerSecondPerElectrode: 12,
  maxPulsesPerSecondOnArray: 100,
  budget: { windowS: 10, maxPulses: 25, maxChargeNc: 6.3, maxNetChargeNc: 0.007 },
};

export async function byReading(plans: number, seed: number): Promise<Outcome> {
  const tally = new Tally();
  const random = Random.of(seed, "by reading");
  const limits = seed % 2 === 0 ? STRICT : DEFAULT_LIMITS;
  const received = new Received(simulatedProfile, limits);
  const driver = new Array64(received);
  const made: (readonly Pulse[])[] = [];
  const channels = Array.from({ length: 64 }, (_, channel) => channel);
  let device = openDevice(driver, { limits });
  while (tally.plans < plans) {
    const act = random.integer(1000);
    if (act < 4) {
      await device.stop();
      device = openDevice(driver);
    } else if (act < 300) await device.read(device.now() + random.integer(act < 10 ? 250_000 : 1000));
    else if (act < 310 && driver.lists.length > 0)
      await replaySealed(driver, driver.lists[random.integer(driver.lists.length)], tally);
    else
      await tally.give(
        device,
        planOf({ device, random, made, channels: channels.slice(0, 1 + random.integer(64)) }),
      );
  }
  await device.read(device.now() + 61 * 25_000);
  await device.close();
  return tally.of(received);
}
