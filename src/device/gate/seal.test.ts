import { describe, expect, it, vi } from "vitest";
import type { Pulse } from "../contract.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import * as door from "./open.ts";
import { openDevice, takeCleared } from "./open.ts";
import { Recorder, recorderProfile } from "./testing/recorder.ts";
import { UnsafePulse } from "./unsafe-pulse.ts";

const phases = [
  { currentUa: -1, durationUs: 160 },
  { currentUa: 1, durationUs: 160 },
];
const pulse = (frame: number, channel = 1): Pulse => ({ frame, channel, phases });
const lax = {
  ...DEFAULT_LIMITS,
  maxCurrentUa: 1e6,
  maxChargePerPhaseNc: 1e6,
  maxChargeDensityUcPerCm2: { ...DEFAULT_LIMITS.maxChargeDensityUcPerCm2, "titanium-nitride": 1e9 },
  budget: { ...DEFAULT_LIMITS.budget, maxChargeNc: 1e6 },
};

describe("the seal of a judged list", () => {
  it("is that of one device: what a lax gate sealed for another is not taken", async () => {
    const [strict, other] = [new Recorder(recorderProfile), new Recorder(recorderProfile)];
    openDevice(strict);
    const strong = phases.map((phase) => ({ ...phase, currentUa: 10 * phase.currentUa }));
    await openDevice(other, { limits: lax }).stimulate([{ ...pulse(0), phases: strong }]);
    await expect(strict.deliver(other.lists[0])).rejects.toThrow("cleared for this driver");
    expect(strict.delivered).toEqual([]);
  });

  it("is used once", async () => {
    const recorder = new Recorder(recorderProfile);
    await openDevice(recorder).stimulate([pulse(0)]);
    for (let i = 0; i < 3; i++)
      await expect(recorder.deliver(recorder.lists[0])).rejects.toThrow("not taken before");
    expect(recorder.delivered.length).toBe(1);
  });

  it("can be put on nothing from outside the gate", () => {
    expect(Object.keys(door).sort()).toEqual(["openDevice", "takeCleared"]);
    const recorder = new Recorder(recorderProfile);
    for (const forged of [[pulse(0)], Object.freeze([pulse(0)]), [], null])
      expect(() => takeCleared(recorder, forged as never)).toThrow();
  });
});

describe("a plan that its caller's objects would change", () => {
  it("is copied into plain data before it is judged", async () => {
    class Sly extends Array<Pulse> {
      override map<U>(): U[] {
        return [{ ...pulse(0), phases: [{ currentUa: -1e3, durationUs: 1e3 }] }] as U[];
      }
      override sort(): this {
        this[0] = { ...pulse(0), phases: [] };
        return this;
      }
      override *[Symbol.iterator](): ArrayIterator<Pulse> {}
    }
    const recorder = new Recorder(recorderProfile);
    const device = openDevice(recorder);
    const plan = new Sly();
    plan.push(pulse(9), pulse(3));
    const slyPhases = Object.assign([...phases], { *[Symbol.iterator]() {}, map: () => [] });
    plan.push({ frame: 20, channel: 0, phases: slyPhases });
    await device.stimulate(plan);
    expect(recorder.delivered).toEqual([pulse(3), pulse(9), pulse(20, 0)]);
    expect(Object.getPrototypeOf(recorder.lists[0])).toBe(Array.prototype);
    expect(Object.getPrototypeOf(recorder.delivered[2].phases)).toBe(Array.prototype);
  });

  it("cannot let a stop pass by while it is read", async () => {
    const recorder = new Recorder(recorderProfile);
    const device = openDevice(recorder);
    const sly = {
      ...pulse(5),
      get channel() {
        void device.stop();
        return 1;
      },
    };
    await expect(device.stimulate([sly])).rejects.toMatchObject({ rule: "stopped" });
    expect(recorder.delivered).toEqual([]);
    expect(device.ledger().pulses).toBe(0);
  });

  it("cannot make time pass unseen while it is read", async () => {
    const recorder = new Recorder(recorderProfile);
    const device = openDevice(recorder);
    const sly = {
      ...pulse(5),
      get channel() {
        void device.read(100);
        return 1;
      },
    };
    await expect(device.stimulate([sly])).rejects.toMatchObject({ rule: "past", measured: 5, limit: 100 });
    expect(recorder.delivered).toEqual([]);
  });

  it("cannot stretch the judging by a list or by phases without end", async () => {
    const device = openDevice(new Recorder(recorderProfile));
    const endless = new Proxy([], { get: (_, key) => (key === "length" ? 1e15 : pulse(0)) });
    await expect(device.stimulate(endless)).rejects.toMatchObject({ rule: "size", measured: 1e15 });
    const long = new Proxy([], { get: (_, key) => (key === "length" ? 1e15 : phases[0]) });
    await expect(device.stimulate([{ ...pulse(0), phases: long }])).rejects.toMatchObject({ rule: "phases" });
  });
});

describe("what is no pulse", () => {
  const throwing = new Proxy([], {
    get() {
      throw new Proxy({}, { getPrototypeOf: () => Array.prototype, get: () => Symbol("no") });
    },
  });
  const { proxy: revoked, revoke } = Proxy.revocable([], {});
  revoke();
  const bad: [unknown, string][] = [
    [{ ...pulse(0), channel: 1n }, "channel 1n"],
    [{ ...pulse(0), frame: 10n ** 5000n }, "frame a bigint"],
    [{ ...pulse(0), frame: Symbol("soon") }, "frame Symbol(soon)"],
    [{ ...pulse(0), channel: null }, "channel null"],
    [{ ...pulse(0), frame: "0".repeat(1e6) }, `frame "${"0".repeat(80)}"`],
    [{ ...pulse(0), phases: [{ currentUa: -1n, durationUs: 160 }, phases[1]] }, "a current -1n"],
    [
      { ...pulse(0), phases: [{ currentUa: -1, durationUs: { valueOf: () => 160 } }] },
      "a duration an object",
    ],
    [{ ...pulse(0), phases: [null] }, "a phase null"],
    [{ ...pulse(0), phases: new Set(phases) }, "phases an object"],
    [{ ...pulse(0), phases: throwing }, "an object that cannot be read: an object"],
    [{ ...pulse(0), phases: revoked }, "an object that cannot be read: an object"],
    [revoked, "an object that cannot be read: an object"],
    [null, "null"],
    [undefined, "undefined"],
    [Symbol("pulse"), "Symbol(pulse)"],
    [7n, "7n"],
  ];

  it.each(bad.map(([given, got]) => [got, given] as const))("is refused as text: %s", async (got, given) => {
    const told: unknown[] = [];
    const device = openDevice(new Recorder(recorderProfile), { onRefused: (refusal) => told.push(refusal) });
    const thrown = await device.stimulate([pulse(0), given as Pulse]).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UnsafePulse);
    expect(thrown).toMatchObject({ rule: "malformed", got });
    expect((thrown as Error).message).toMatch(
      /^unsafe pulse.*\(malformed\).*; nothing of this call was delivered$/s,
    );
    expect(device.ledger().refusedByRule).toEqual({ malformed: 1 });
    const ledger = device.ledgerSnapshot();
    expect(JSON.parse(JSON.stringify(ledger))).toEqual(ledger);
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  });

  it.each([
    ["null", null],
    ["1n", 1n],
    ["Symbol(plan)", Symbol("plan")],
    ["an object", { length: 1, 0: pulse(0) }],
    ["a list that cannot be read", throwing],
    ["a list that cannot be read", revoked],
  ])("is refused in place of a list: %s", async (got, given) => {
    const device = openDevice(new Recorder(recorderProfile));
    await expect(device.stimulate(given as never)).rejects.toMatchObject({ rule: "malformed", got });
    await device.stop();
    await expect(device.stimulate(given as never)).rejects.toMatchObject({ rule: "stopped" });
    expect(device.ledger().refusals).toBe(2);
  });
});

it("is refused as unsafe also where whoever is told of it throws", async () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const device = openDevice(new Recorder(recorderProfile), {
    onRefused: () => {
      throw new Error("no place to write it down");
    },
  });
  await expect(device.stimulate([pulse(0, 99)])).rejects.toMatchObject({ rule: "electrode" });
  expect(device.ledger().refusals).toBe(1);
  expect(warned).toHaveBeenCalledWith(expect.objectContaining({ message: "no place to write it down" }));
  warned.mockRestore();
});

it("asks at each call what the device is attached to", async () => {
  let preparation = "simulated";
  const recorder = new Recorder({
    ...recorderProfile,
    get preparation() {
      return preparation as "simulated";
    },
  });
  const device = openDevice(recorder);
  await device.stimulate([pulse(0)]);
  preparation = "person";
  await expect(device.stimulate([pulse(100)])).rejects.toMatchObject({ rule: "preparation" });
  expect(recorder.delivered.length).toBe(1);
});
