import { describe, expect, it } from "vitest";
import { DOPAMINE } from "../../wiring/brain/dopamine.ts";
import { groupsNamed } from "../../wiring/brain/groups.ts";
import { selectCells } from "../../wiring/select.ts";
import { mushroom } from "../../wiring/testing/mushroom.ts";
import { DEFAULT_LIMITS, LIGHT_LIMITS } from "../gate/limits.ts";
import { openDevice } from "../gate/open.ts";
import type { Pulse } from "../signals.ts";
import { WiredBrain } from "./driver.ts";

function made(rate = 0.05, wiring = mushroom()) {
  const lit = groupsNamed(wiring, ["R0", "R1", "R2", "dopamine: DAN"]);
  const read = groupsNamed(wiring, ["MBON", "KC"]);
  const [senders, receivers, modulators] = ["KC", "MBON", "DAN"].map((words) => selectCells(wiring, words));
  const learning = {
    cells: { senders, receivers, modulators },
    by: { kind: "dopamine" as const, rule: { ...DOPAMINE, rate } },
  };
  return new WiredBrain(wiring, { seed: 3, lit, read, learning });
}
const opened = (rate?: number) => ({ device: openDevice(made(rate)) });

const flash = (channel: number, frame: number, durationMs = 200, irradianceMwPerMm2 = 1): Pulse => ({
  ...{ frame, channel, phases: [] },
  light: { irradianceMwPerMm2, durationUs: 1000 * durationMs },
});
const countOf = (channels: Uint16Array, channel: number) => channels.filter((own) => own === channel).length;

describe("a wiring diagram as a device", () => {
  it("answers light on named cells at a rate that goes with its irradiance, and is silent without", async () => {
    const { device } = opened();
    expect((await device.read(5000)).channels.length).toBe(0);
    await device.stimulate([flash(0, 5000, 500)]);
    const lit = await device.read(10_000);
    // 150 Hz for 0.5 s on one cell: Poisson, 75 kicks on average.
    expect(countOf(lit.channels, 0)).toBeGreaterThan(45);
    expect(countOf(lit.channels, 0)).toBeLessThan(110);
    expect(countOf(lit.channels, 5)).toBeGreaterThan(0);
    await device.stimulate([flash(0, 12_000, 500, 0.2)]);
    const dim = await device.read(17_000);
    expect(countOf(dim.channels, 0)).toBeLessThan(0.5 * countOf(lit.channels, 0));
    expect(device.ledger()).toMatchObject({ pulses: 2, refusals: 0 });
  });

  it("its light passes the gate: irradiance, duration, duty, groups at once, and no current", async () => {
    const { device } = opened();
    const refused = async (pulses: Pulse[], rule: string) =>
      expect(await device.stimulate(pulses).catch((error: unknown) => error)).toMatchObject({ rule });
    await refused([flash(0, 0, 200, 1.01)], "irradiance");
    await refused([flash(0, 0, 501)], "duration");
    await refused([flash(0, 0, Number.NaN)], "malformed");
    await refused([flash(4, 0)], "reserved");
    await refused([flash(9, 0)], "electrode");
    await refused([{ frame: 0, channel: 0, phases: [] }], "light");
    const phases = [-1, 1].map((currentUa) => ({ currentUa, durationUs: 160 }));
    await refused([{ frame: 0, channel: 0, phases }], "light");
    await refused([{ ...flash(0, 0), phases }], "light");
    await refused([flash(0, 0), flash(0, 1999)], "interval");
    // Of any 10 s a group is lit for at most 7.
    const flashes = Array.from({ length: 15 }, (_, i) => flash(0, 5500 * i, 500));
    await refused(flashes, "duty");
    await device.stimulate(flashes.slice(0, 14));
    expect(device.ledger().pulses).toBe(14);
    expect(LIGHT_LIMITS.maxDuty * LIGHT_LIMITS.dutyWindowS).toBe(7);
    const narrow = openDevice(made(), {
      limits: {
        ...DEFAULT_LIMITS,
        light: { ...LIGHT_LIMITS, maxGroupsAtOnce: 2 },
      },
    });
    const three = [0, 1, 2].map((channel) => flash(channel, 10));
    await expect(narrow.stimulate(three)).rejects.toMatchObject({ rule: "at-once" });
    await narrow.stimulate(three.slice(0, 2));
  });

  it("a stop puts out what is lit, and lights nothing more", async () => {
    const { device } = opened();
    await device.stimulate([flash(0, 0, 500), flash(1, 3000, 500)]);
    await device.read(1000);
    await device.stop();
    const after = await device.read(8000);
    expect(countOf(after.channels, 0) + countOf(after.channels, 1)).toBeLessThanOrEqual(1);
    await expect(device.stimulate([flash(0, 9000)])).rejects.toMatchObject({ rule: "stopped" });
  });

  it("learns where odour and dopamine meet: what was lit with dopamine drives less, and only with learning on", async () => {
    const answers = async (rate: number, dopamine: boolean) => {
      const { device } = opened(rate);
      const show = async (pulses: Pulse[]) => {
        const from = device.now();
        await device.stimulate(pulses.map((pulse) => ({ ...pulse, frame: pulse.frame + from })));
        return countOf((await device.read(from + 5000)).channels, 4);
      };
      const before = await show([flash(0, 0), flash(1, 0)]);
      for (let i = 0; i < 6; i++)
        await show([flash(0, 0), flash(1, 0), ...(dopamine ? [flash(3, 500, 200, 0.5)] : [])]);
      return { before, after: await show([flash(0, 0), flash(1, 0)]) };
    };
    const learned = await answers(0.2, true);
    expect(learned.before).toBeGreaterThan(10);
    expect(learned.after).toBeLessThan(0.6 * learned.before);
    for (const [rate, dopamine] of [
      [0, true],
      [0.2, false],
    ] as const) {
      const { before, after } = await answers(rate, dopamine);
      expect(after).toBeGreaterThan(0.7 * before);
    }
  });

  it("goes on from a snapshot to the bit, in the middle of a flash, however reads are cut", async () => {
    const [one, other] = [opened(), opened()];
    await one.device.stimulate([flash(0, 100, 500), flash(3, 400, 300), flash(2, 4000, 400)]);
    await one.device.read(1234);
    const snapshot = one.device.simulated!.snapshot();
    other.device.simulated!.restore(snapshot);
    const whole = await one.device.read(9000);
    const [first, second] = [await other.device.read(4100), await other.device.read(9000)];
    expect([...first.frames, ...second.frames]).toEqual([...whole.frames]);
    expect([...first.channels, ...second.channels]).toEqual([...whole.channels]);
    expect(other.device.simulated!.snapshot()).toEqual(one.device.simulated!.snapshot());
  });

  it("refuses the state of a brain that differs in its signs alone", () => {
    const wiring = mushroom();
    const turned = { ...wiring, signs: wiring.signs.map((sign, cell) => (cell === 0 ? -sign : sign)) };
    const [own, other] = [openDevice(made(0.05, wiring)), openDevice(made(0.05, turned))];
    const snapshot = own.simulated!.snapshot();
    expect(() => other.simulated!.restore(snapshot)).toThrow(
      "of a brain of this wiring diagram, got another's",
    );
    own.simulated!.restore(snapshot);
  });
});
