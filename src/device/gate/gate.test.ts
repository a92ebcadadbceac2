import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Driver, Pulse, ReadableDevice, StimulableProfile } from "../contract.ts";
import { pulsesFor } from "../stimulation.ts";
import { DEFAULT_LIMITS, type StimulationLimits } from "./limits.ts";
import { openDevice } from "./open.ts";
import { firstViolation } from "./testing/judge.ts";
import { Recorder, recorderProfile } from "./testing/recorder.ts";
import { type SafetyRule, UnsafePulse } from "./unsafe-pulse.ts";

const profile = recorderProfile;

/** Tight enough that a few commands reach every rule; odd numbers, so that no sum falls on a limit. */
const limits: StimulationLimits = {
  ...DEFAULT_LIMITS,
  maxChargePerPhaseNc: 0.9,
  maxShannonK: -1.2,
  minIntervalUs: 5000,
  maxPulsesPerSecondPerElectrode: 4,
  maxPulsesPerSecondOnArray: 7,
  budget: { windowS: 3, maxPulses: 5, maxChargeNc: 1.93, maxNetChargeNc: 0.0027 },
};

/** Pulses around the limits: most are safe by themselves, some break one rule, a few are nonsense. */
const phases = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 32 }), fc.integer({ min: 1, max: 16 }))
      .map(([current, width]) => biphasic(-current / 10, width * 20)),
  },
  { weight: 6, arbitrary: fc.constant(biphasic(-2.51, 160)) },
  { weight: 6, arbitrary: fc.constant(biphasic(-1.01, 160)) },
  {
    weight: 4,
    arbitrary: fc.constant([...biphasic(-2.51, 160).slice(0, 1), { currentUa: 2.52, durationUs: 160 }]),
  },
  { weight: 1, arbitrary: fc.constant(biphasic(1.01, 160)) },
  {
    weight: 3,
    arbitrary: fc.array(
      fc.record({
        currentUa: fc.constantFrom(-3.3, -2.9, -1.1, 0, 1.1, 2.9, Number.NaN, Number.POSITIVE_INFINITY),
        durationUs: fc.constantFrom(-20, 0, 10, 20, 160, 1000, 1020),
      }),
      { maxLength: 6 },
    ),
  },
);
function biphasic(currentUa: number, durationUs: number) {
  return [
    { currentUa, durationUs },
    { currentUa: -currentUa, durationUs },
  ];
}
const pulse = fc.record({
  channel: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0, 1, 2) }, fc.integer({ min: -1, max: 6 })),
  /** Relative to now(). */
  frame: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -2, max: 900 }) },
    fc.constantFrom(0.5, Number.NaN),
  ),
  phases,
});
const command = fc.oneof(
  { weight: 8, arbitrary: fc.record({ stimulate: fc.array(pulse, { minLength: 1, maxLength: 2 }) }) },
  { weight: 4, arbitrary: fc.record({ read: fc.integer({ min: 0, max: 900 }) }) },
  { weight: 1, arbitrary: fc.constantFrom("stop" as const, "reopen" as const, "new process" as const) },
);

describe("the safety gate", () => {
  it("delivers no unsafe pulse, whatever the commands, and refuses no safe one", async () => {
    const refused = new Map<SafetyRule, number>();
    let delivered = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 80 }), async (commands) => {
        let recorder = new Recorder(profile);
        let device = openDevice(recorder, { limits });
        let stopped = false;
        /** Every pulse ever accepted: the gate goes on counting those cancelled. */
        let accepted: Pulse[] = [];
        for (const step of commands) {
          if (step === "stop") {
            await device.stop();
            stopped = true;
          } else if (step === "reopen") {
            await device.stop();
            device = openDevice(recorder);
            stopped = false;
          } else if (step === "new process") {
            const ledger = JSON.parse(JSON.stringify(device.ledgerSnapshot()));
            const before = recorder.delivered;
            recorder = new Recorder(profile, recorder.now());
            recorder.delivered = before;
            device = openDevice(recorder, { limits, ledger });
            stopped = false;
          } else if ("read" in step) {
            await device.read(device.now() + step.read);
          } else {
            const now = device.now();
            const pulses = step.stimulate.map((p) => ({ ...p, frame: p.frame + now }));
            const held = [...recorder.delivered];
            const expected =
              stopped ||
              firstViolation([...accepted, ...pulses], profile, limits, { from: accepted.length, now });
            const outcome = await device.stimulate(pulses).catch((error: unknown) => error);
            if (outcome === undefined) {
              expect(expected, "accepted what the judge calls unsafe").toBe(false);
              accepted = [...accepted, ...pulses];
              expect(recorder.delivered.length).toBe(held.length + pulses.length);
              expect(firstViolation(recorder.delivered, profile, limits, { from: 0, now: 0 })).toBe(false);
            } else {
              if (!(outcome instanceof UnsafePulse)) throw outcome;
              expect(expected, `refused (${outcome.message}) what the judge calls safe`).not.toBe(false);
              expect(recorder.delivered).toEqual(held);
              refused.set(outcome.rule, (refused.get(outcome.rule) ?? 0) + 1);
            }
          }
          expect(device.ledger().pulses).toBe(recorder.delivered.length);
        }
        delivered += recorder.delivered.length;
      }),
      { seed: 1, numRuns: 120 },
    );
    // The check above would be empty if commands never got through, or never reached a rule.
    expect(delivered).toBeGreaterThan(500);
    const rules = ["stopped", "malformed", "past", "electrode", "reserved", "material", "phases", "duration"];
    rules.push("current", "charge", "balance", "polarity", "density", "shannon");
    rules.push("interval", "rate", "array-rate", "budget-pulses", "budget-charge", "budget-net");
    expect([...refused.keys()].sort()).toEqual(rules.sort());
  });

  it("cannot be deceived by pulses that change while they are judged", async () => {
    const recorder = new Recorder(profile);
    const device = openDevice(recorder, { limits });
    let reads = 0;
    const sly = {
      frame: 0,
      channel: 1,
      get phases() {
        return reads++ === 0 ? biphasic(-1, 160) : biphasic(-1000, 160);
      },
    };
    await device.stimulate([sly]);
    expect(recorder.delivered[0].phases).toEqual(biphasic(-1, 160));
    expect(() => Object.assign(recorder.delivered[0].phases[0], { currentUa: 1000 })).toThrow(TypeError);
  });

  it("refuses everything once the clock of the device has run backwards", async () => {
    const device = openDevice(new Recorder(profile), { limits });
    await device.read(5000);
    await device.stimulate([{ channel: 1, frame: 5000, phases: biphasic(-1, 160) }]);
    await device.read(10);
    await expect(
      device.stimulate([{ channel: 1, frame: 6000, phases: biphasic(-1, 160) }]),
    ).rejects.toMatchObject({
      rule: "clock",
      measured: 10,
      limit: 5000,
    });
  });

  it("refuses everything while the clock of the device is not a number", async () => {
    const device = openDevice(new Recorder(profile, Number.NaN), { limits });
    const pulse = { channel: 1, frame: 6000, phases: biphasic(-1, 160) };
    await expect(device.stimulate([pulse])).rejects.toMatchObject({ rule: "clock" });
  });

  it("lets no more electrodes be pulsed at the same time than the hardware can", async () => {
    const many = {
      ...profile,
      framesPerSecond: 25_000,
      hardware: { maxCurrentUa: 3, maxChargePerPhaseNc: 3, maxElectrodesAtOnce: 3 },
      electrodes: Array.from({ length: 12 }, (_, channel) => ({ ...profile.electrodes[0], channel })),
      reservedChannels: [],
    };
    let [accepted, refused] = [0, 0];
    const pulse = fc.record({
      channel: fc.nat(11),
      frame: fc.nat(60),
      phases: fc.constantFrom(160, 400).map((us) => biphasic(-1, us)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(pulse, { minLength: 12, maxLength: 24 }), async (pulses) => {
        const device = openDevice(new Recorder(many), { limits: DEFAULT_LIMITS });
        const before: Pulse[] = [];
        for (const each of pulses) {
          const judged = { from: before.length, now: 0 };
          const expected = firstViolation([...before, each], many, DEFAULT_LIMITS, judged);
          const outcome = await device.stimulate([each]).catch((error: unknown) => error);
          expect(outcome === undefined).toBe(expected === false);
          if (outcome === undefined) before.push(each);
          else if (outcome instanceof UnsafePulse && outcome.rule === "at-once") refused++;
        }
        accepted += before.length;
      }),
      { seed: 2, numRuns: 60 },
    );
    expect(accepted).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });

  it("counts a pulse as under way for as long as it lasts, also beyond a second", async () => {
    const one = { maxCurrentUa: 3, maxChargePerPhaseNc: 1e9, maxElectrodesAtOnce: 1 };
    const device = openDevice(new Recorder({ ...profile, hardware: one }), {
      limits: {
        ...limits,
        maxPhaseUs: 600_000,
        maxChargePerPhaseNc: 1e9,
        maxShannonK: 1.85,
        budget: { ...limits.budget, maxChargeNc: 1e9, maxNetChargeNc: 1e9 },
      },
    });
    const long = biphasic(-1e-3, 600_000);
    await device.stimulate([{ channel: 1, frame: 0, phases: long }]);
    const { framesPerSecond } = device.profile;
    await device.read(1.1 * framesPerSecond);
    const second = (frame: number) => device.stimulate([{ channel: 2, frame, phases: biphasic(-1, 160) }]);
    await expect(second(1.1 * framesPerSecond)).rejects.toMatchObject({ rule: "at-once" });
    await second(1.2 * framesPerSecond);
  });

  it("takes the hardware's limits where they are lower", async () => {
    const weak = { ...profile, hardware: { maxCurrentUa: 0.9, maxChargePerPhaseNc: 3 } };
    const device = openDevice(new Recorder(weak), { limits });
    await expect(
      device.stimulate([{ channel: 1, frame: 0, phases: biphasic(-1, 160) }]),
    ).rejects.toMatchObject({
      rule: "current",
      measured: 1,
      limit: 0.9,
    });
  });

  it("says in one line what was expected, what was measured and the limit; counts it, logs it and reports it", async () => {
    const told: unknown[] = [];
    const device = openDevice(new Recorder(profile), {
      limits,
      refusalLogSize: 2,
      onRefused: (refusal) => told.push(refusal),
    });
    const strong = [{ channel: 1, frame: 7, phases: biphasic(-3.5, 160) }];
    await expect(device.stimulate(strong)).rejects.toThrow(
      "unsafe pulse on channel 1 at frame 7 (current): expected a current within the limit, got 3.5 uA, limit 3 uA; nothing of this call was delivered",
    );
    for (let i = 0; i < 2; i++) await device.stimulate(strong).catch(() => {});
    const refusal = { atFrame: 0, channel: 1, frame: 7, rule: "current", measured: 3.5, limit: 3 };
    expect(told).toEqual([refusal, refusal, refusal]);
    expect(device.ledger()).toMatchObject({ refusals: 3, refusedByRule: { current: 3 }, pulses: 0 });
    expect(device.ledger().recentRefusals).toEqual([refusal, refusal]);
    expect(device.ledger().electrodes[1]).toMatchObject({ channel: 1, refusals: 3 });
  });

  it("admits the protocol of training: 100 s of ten trials a second on the same electrodes, over background", async () => {
    const array: StimulableProfile = {
      name: "array",
      preparation: "simulated",
      framesPerSecond: 25_000,
      reservedChannels: [],
      electrodes: Array.from({ length: 64 }, (_, channel) => ({
        channel,
        xUm: 0,
        yUm: 0,
        areaUm2: 706.9,
        material: "titanium-nitride" as const,
      })),
    };
    const device = openDevice(new Recorder(array));
    for (let trial = 0; trial < 1000; trial++) {
      const frame = trial * 2500;
      await device.stimulate(pulsesFor([0, 1, 2, 3], 1, frame, array));
      await device.stimulate(pulsesFor([4, 5, 6, 7], 1, frame + 75 + (trial % 4) * 50, array));
      const background = [0, 1, 2, 3, 4].map((i) => 8 + ((trial * 5 + i) % 56));
      await device.stimulate(
        background.flatMap((channel, i) => pulsesFor([channel], 1, frame + 1250 + i * 200, array)),
      );
      await device.read(frame + 2500);
    }
    const { pulses, refusals, electrodes } = device.ledger();
    expect({ pulses, refusals }).toEqual({ pulses: 13_000, refusals: 0 });
    expect(electrodes[0]).toMatchObject({ pulses: 1000, netChargeNc: 0 });
    expect(electrodes[0].chargeNc).toBeCloseTo(400, 6);
  });
});

describe("openDevice", () => {
  const reading: ReadableDevice = {
    profile: { ...profile, preparation: "person" },
    now: () => 0,
    read: async () => ({ frames: new Float64Array(), channels: new Uint16Array() }),
    close: async () => {},
  };

  it("gives a device without stimulation for a driver without it, and refuses a person's driver that has it", () => {
    const device = openDevice(reading);
    expect("stimulate" in device).toBe(false);
    // @ts-expect-error: a driver that can stimulate cannot have the preparation "person".
    const armed: Driver = { ...reading, deliver: async () => {}, cancel: async () => {} };
    expect(() => openDevice(armed)).toThrow("a device on a person is read-only");
  });

  it("opens a driver once at a time, and keeps its ledger", async () => {
    const recorder = new Recorder(profile);
    const device = openDevice(recorder, { limits });
    expect(() => openDevice(recorder)).toThrow("already open");
    await device.stimulate([{ channel: 1, frame: 0, phases: biphasic(-1, 160) }]);
    await device.read(100);
    await device.stop();
    expect(() => openDevice(recorder, { limits })).toThrow("already has a gate and a ledger");
    expect(openDevice(recorder).ledger().pulses).toBe(1);
  });

  it("checks limits, naming the field that is wrong", () => {
    const open = (change: object) => () =>
      openDevice(new Recorder(profile), { limits: { ...limits, ...change } as StimulationLimits });
    expect(open({ maxCurrentUa: Number.NaN })).toThrow("stimulation limits: maxCurrentUa");
    expect(open({ maxShannonK: 2 })).toThrow("stimulation limits: maxShannonK");
    expect(open({ chargeBalanceTolerance: 1 })).toThrow("stimulation limits: chargeBalanceTolerance");
    expect(open({ typo: 1 })).toThrow("typo");
    expect(open({ minPhaseUs: 2000 })).toThrow("minPhaseUs must not exceed maxPhaseUs");
  });

  it("refuses a profile that it cannot judge by", () => {
    const open = (change: object) => () => openDevice(new Recorder({ ...profile, ...change }));
    expect(open({ framesPerSecond: Number.NaN })).toThrow("framesPerSecond > 0, got NaN");
    expect(open({ hardware: { maxCurrentUa: Number.NaN, maxChargePerPhaseNc: 3 } })).toThrow(
      "hardware limits > 0",
    );
    expect(open({ electrodes: [profile.electrodes[0], profile.electrodes[0]] })).toThrow(
      "got a channel twice",
    );
  });

  it("refuses the ledger of a device with other channels", () => {
    const { electrodes } = profile;
    const ledger = openDevice(new Recorder(profile)).ledgerSnapshot();
    const smaller = { ...profile, electrodes: electrodes.slice(1) };
    expect(() => openDevice(new Recorder(smaller), { ledger })).toThrow("other channels");
  });
});
