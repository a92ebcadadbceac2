/** The CL1's link to a served culture, over TCP: what the array behind the server receives, at its own frames. */

import { Cl1Driver } from "../../src/device/cl1/driver.ts";
import type { Device, Frame, Pulse, Spikes, StimulableProfile } from "../../src/device/contract.ts";
import type { ClearedPulses } from "../../src/device/gate/cleared.ts";
import { DEFAULT_LIMITS } from "../../src/device/gate/limits.ts";
import { openDevice, takeCleared } from "../../src/device/gate/open.ts";
import { serveCulture } from "../../src/device/serving/server.ts";
import { simulatedProfile } from "../../src/device/simulated/array.ts";
import { Random } from "../../src/math/random.ts";
import { type Outcome, Tally } from "./outcome.ts";
import { planOf } from "./plans.ts";
import { Received } from "./received.ts";

/** The array of a served culture, without cells. */
class ServedArray {
  readonly profile: StimulableProfile = simulatedProfile;
  private pending: Pulse[] = [];
  private frame: Frame = 0;

  constructor(private readonly received: Received) {}

  now(): Frame {
    return this.frame;
  }
  async read(untilFrame: Frame): Promise<Spikes> {
    const due = this.pending.filter(({ frame }) => frame < untilFrame).sort((a, b) => a.frame - b.frame);
    this.pending = this.pending.filter(({ frame }) => frame >= untilFrame);
    for (const pulse of due) this.received.add(pulse, (pulse.frame * 1e6) / this.profile.framesPerSecond);
    this.frame = untilFrame;
    return { frames: new Float64Array(), channels: new Uint16Array() };
  }
  async deliver(pulses: ClearedPulses): Promise<void> {
    this.pending.push(...takeCleared(this, pulses).pulses);
  }
  async cancel(): Promise<void> {
    this.pending = this.pending.filter(({ frame }) => frame < this.frame);
  }
  async close(): Promise<void> {}
}

export async function overLink(plans: number, seed: number): Promise<Outcome> {
  const tally = new Tally();
  const random = Random.of(seed, "cl1");
  const received = new Received(simulatedProfile, DEFAULT_LIMITS);
  const server = await serveCulture({ driver: new ServedArray(received) });
  const electrode = { areaUm2: 707, material: "titanium-nitride" } as const;
  const connect = async (): Promise<Device> => {
    const driver = new Cl1Driver({ port: server.port, preparation: "simulated", electrode });
    await driver.connect();
    return openDevice(driver);
  };
  let open = await connect();
  const made: (readonly Pulse[])[] = [];
  const channels = Array.from({ length: 64 }, (_, channel) => channel);
  const phases = [0.5, 1, 2.5, 3].map((currentUa) => [
    { currentUa: -currentUa, durationUs: 160 },
    { currentUa, durationUs: 160 },
  ]);
  while (tally.plans < plans) {
    const act = random.integer(1000);
    if (act < 3) {
      await open.close();
      open = await connect();
    } else if (act < 300) await open.read(open.now() + random.integer(act < 8 ? 100_000 : 500));
    else await tally.give(open, planOf({ device: open, random, made, channels, phases }));
  }
  await open.read(open.now() + 61 * 25_000);
  await open.close();
  await server.close();
  return tally.of(received);
}
