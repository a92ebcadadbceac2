import { describe, expect, it } from "vitest";
import type { Driver, Frame, Pulse, Spikes } from "../contract.ts";
import { simulatedProfile } from "../simulated/array.ts";
import { smallMea } from "../simulated/testing.ts";
import { pulsesFor } from "../stimulation.ts";
import type { ClearedPulses } from "./cleared.ts";
import { openDevice } from "./open.ts";

/** A device whose reads last until they are let go. */
class SlowDriver implements Driver {
  readonly profile = simulatedProfile;
  delivered: Pulse[] = [];
  cancelled = 0;
  letGo = () => {};
  private frame = 0;
  now() {
    return this.frame;
  }
  async read(untilFrame: Frame): Promise<Spikes> {
    await new Promise<void>((resolve) => {
      this.letGo = resolve;
    });
    this.frame = untilFrame;
    return { frames: new Float64Array(), channels: new Uint16Array() };
  }
  async deliver(pulses: ClearedPulses) {
    this.delivered.push(...pulses);
  }
  async cancel() {
    this.cancelled++;
  }
  async close() {}
}

describe("a stop from another thread", () => {
  it("refuses at the gate from the next call on", async () => {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const driver = new SlowDriver();
    const device = openDevice(driver, { isStopped: () => Atomics.load(flag, 0) === 1 });
    await device.stimulate(pulsesFor([3], 1, 10, device.profile));
    Atomics.store(flag, 0, 1);
    await expect(device.stimulate(pulsesFor([4], 1, 200, device.profile))).rejects.toMatchObject({
      rule: "stopped",
    });
    expect(driver.delivered.map(({ channel }) => channel)).toEqual([3]);
    expect(driver.cancelled).toBe(1);
    // For good, also when the flag is taken back.
    Atomics.store(flag, 0, 0);
    await expect(device.stimulate(pulsesFor([4], 1, 200, device.profile))).rejects.toMatchObject({
      rule: "stopped",
    });
  });

  it("cancels what is under way while a read waits for its device", async () => {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const driver = new SlowDriver();
    const device = openDevice(driver, { isStopped: () => Atomics.load(flag, 0) === 1 });
    const reading = device.read(1000);
    Atomics.store(flag, 0, 1);
    await expect.poll(() => driver.cancelled, { timeout: 5000 }).toBe(1);
    driver.letGo();
    await reading;
  });

  it("keeps delivered pulses of a simulated culture from acting within the read that it falls into", async () => {
    /** The culture after a read in which two volleys of 30 pulses were due, `stopAfter` of them before the stop. */
    const left = async (volleys: readonly number[], stopAfter = Number.POSITIVE_INFINITY) => {
      let asked = 0;
      const driver = smallMea({ meanOutDegree: 20 }, { isStopped: () => asked++ >= stopAfter });
      const device = openDevice(driver);
      const channels = device.profile.electrodes.map(({ channel }) => channel);
      for (const volley of volleys) {
        const some = channels.slice(30 * volley, 30 * volley + 30);
        await device.stimulate(pulsesFor(some, 1, 250 + 1000 * volley, device.profile));
      }
      await device.read(2500);
      return driver.simulated.snapshot().culture;
    };
    const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
    expect(isSame(await left([0, 1], 0), await left([]))).toBe(true);
    expect(isSame(await left([0, 1], 30), await left([0]))).toBe(true);
    expect(isSame(await left([0, 1]), await left([0]))).toBe(false);
  });
});
