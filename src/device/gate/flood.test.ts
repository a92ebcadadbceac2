import { describe, expect, it } from "vitest";
import type { Pulse } from "../contract.ts";
import { SimulatedMea } from "../simulated/driver.ts";
import { smallCulture } from "../simulated/testing.ts";
import { pulsesFor } from "../stimulation.ts";
import { DEFAULT_LIMITS, type StimulationLimits } from "./limits.ts";
import { openDevice } from "./open.ts";
import { Recorder, recorderProfile } from "./testing/recorder.ts";

const phases = [
  { currentUa: -0.1, durationUs: 20 },
  { currentUa: 0.1, durationUs: 20 },
];
const lax: StimulationLimits = {
  ...DEFAULT_LIMITS,
  minIntervalUs: 100,
  maxPulsesPerSecondPerElectrode: 1000,
  maxPulsesPerSecondOnArray: 1000,
  budget: { windowS: 60, maxPulses: 60_000, maxChargeNc: 60_000, maxNetChargeNc: 60_000 },
};
/** Falling order, a pulse every 5 ms. */
const falling = (count: number): Pulse[] =>
  Array.from({ length: count }, (_, i) => ({ frame: 5 * (count - i), channel: 1, phases }));

describe("a flood of pulses", () => {
  it("in falling order is judged as in rising order, and can be stopped in the middle", async () => {
    const recorder = new Recorder(recorderProfile);
    const device = openDevice(recorder, { limits: lax });
    await device.stimulate(falling(10_000));
    expect(recorder.delivered.length).toBe(10_000);
    expect(recorder.delivered[0].frame).toBe(5);

    let asked = 0;
    const other = new Recorder(recorderProfile);
    const stoppable = openDevice(other, { limits: lax, isStopped: () => asked++ > 20 });
    await expect(stoppable.stimulate(falling(10_000))).rejects.toMatchObject({ rule: "stopped" });
    expect(other.delivered).toEqual([]);
    expect(stoppable.ledger()).toMatchObject({ pulses: 0, refusals: 1 });
    expect(stoppable.ledgerSnapshot().electrodes[1].recent).toEqual([]);
  });

  it("lets a stop have its turn, books nothing half, and keeps the order of calls", async () => {
    const recorder = new Recorder(recorderProfile);
    const device = openDevice(recorder, { limits: lax });
    const outcome: string[] = [];
    const tell = (name: string) => (error?: { rule?: string }) =>
      outcome.push(`${name} ${error?.rule ?? "sent"}`);
    const long = device.stimulate(falling(9_000)).then(() => tell("long")(), tell("long"));
    const short = device
      .stimulate([{ frame: 1, channel: 0, phases }])
      .then(() => tell("short")(), tell("short"));
    await new Promise(setImmediate);
    expect(device.ledger().pulses).toBe(0);
    expect(device.ledgerSnapshot().electrodes[1].recent).toEqual([]);
    await device.stop();
    await Promise.all([long, short]);
    expect(outcome).toEqual(["long stopped", "short stopped"]);
    expect(recorder.delivered).toEqual([]);
  });

  it.each([3, 300])("of %i pulses is stopped whenever the flag falls before they are sent", async (count) => {
    const plan = falling(count);
    let moments = 0;
    for (let fallsAt = 1; ; fallsAt++) {
      let isStopped = false;
      moments = 0;
      const recorder = new (class extends Recorder {
        override now() {
          if (++moments === fallsAt) isStopped = true;
          return super.now();
        }
      })(recorderProfile);
      const device = openDevice(recorder, { limits: lax, isStopped: () => isStopped });
      const outcome = await device.stimulate(plan).catch(({ rule }: { rule: string }) => rule);
      const sent = moments < fallsAt;
      expect([outcome, recorder.delivered.length]).toEqual(sent ? [undefined, count] : ["stopped", 0]);
      expect(device.ledger().pulses).toBe(sent ? count : 0);
      if (sent) break;
    }
    expect(moments).toBeGreaterThan(1);
  });

  it("of calls is bounded: those that wait are few", async () => {
    const device = openDevice(new Recorder(recorderProfile), { limits: lax });
    const calls = [device.stimulate(falling(5_000))];
    for (let i = 0; i < 100; i++) calls.push(device.stimulate([{ frame: 30_000 + i, channel: 0, phases }]));
    const settled = await Promise.allSettled(calls);
    expect(settled.filter(({ status }) => status === "fulfilled").length).toBe(65);
    expect(device.ledger().refusedByRule).toEqual({ busy: 36 });
  });

  it("is refused when it is too long, or too far ahead", async () => {
    const device = openDevice(new Recorder(recorderProfile), { limits: lax });
    await expect(device.stimulate(falling(24_000))).rejects.toMatchObject({ rule: "size", limit: 10_000 });
    const at = (frame: number) => device.stimulate([{ frame, channel: 1, phases }]);
    await at(60_000);
    await expect(at(60_001)).rejects.toMatchObject({ rule: "horizon", measured: 60.001, limit: 60 });
  });
});

describe("a stop", () => {
  class Deaf extends Recorder {
    cancels = 0;
    override async cancel() {
      this.cancels++;
    }
  }

  it("that is asked for again reaches the device again, until it is opened anew", async () => {
    const driver = new Deaf(recorderProfile);
    const first = openDevice(driver);
    await first.stop();
    await first.stop();
    expect(driver.cancels).toBe(2);
    const second = openDevice(driver);
    await first.stop();
    expect(driver.cancels).toBe(2);
    await second.stop();
    expect(driver.cancels).toBe(3);
  });

  it("from a flag is told once, and a device that cannot be told ends nothing else", async () => {
    let isStopped = false;
    const driver = new (class extends Deaf {
      override async cancel() {
        await super.cancel();
        throw new Error("lost");
      }
      override async read(until: number) {
        isStopped = true;
        await new Promise((resolve) => setTimeout(resolve, 50));
        return super.read(until);
      }
    })(recorderProfile);
    const device = openDevice(driver, { isStopped: () => isStopped });
    await device.read(10);
    expect(driver.cancels).toBe(1);
    await expect(device.stimulate(falling(1))).rejects.toMatchObject({ rule: "stopped" });
  });
});

describe("a tissue", () => {
  it("has one budget, by whatever driver", async () => {
    const culture = smallCulture({ meanOutDegree: 5 });
    let sent = 0;
    for (let i = 0; i < 10; i++) {
      const device = openDevice(new SimulatedMea(culture, { seed: i }));
      const other = new SimulatedMea(culture, { seed: i });
      expect(() => openDevice(other)).toThrow("already open");
      for (let k = 0; k < 20; k++)
        await device.stimulate(pulsesFor([3], 1, device.now() + 500 * k, device.profile)).then(
          () => sent++,
          () => {},
        );
      await device.close();
    }
    // 50 in a second, of the 200 that ten budgets would have granted.
    expect(sent).toBeLessThanOrEqual(50);
    expect(sent).toBeGreaterThan(15);
  });
});
