import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { conformanceChecks } from "../conformance.ts";
import type { Device, Spikes } from "../contract.ts";
import { openDevice } from "../gate/open.ts";
import { pulsesFor } from "../stimulation.ts";
import { simulatedProfile } from "./array.ts";
import { SimulatedMea } from "./driver.ts";
import { type SimulatedMeaParameters, simulatedMeaDefaults } from "./parameters.ts";
import { smallCulture, smallMea } from "./testing.ts";

const sheet = { neurons: 300, meanOutDegree: 40 };
const { anatomy } = smallCulture(sheet);
const make = (parameters?: SimulatedMeaParameters) => smallMea(sheet, parameters && { parameters });

describe("conformance", () => {
  for (const { name, run } of conformanceChecks(make, { repeatable: true, stimulates: true, frames: 12_500 }))
    it(name, run);
});

/** Reads to `until` in the given cuts, sending each trial's pulses when its frame is reached. */
async function session(device: Device, cuts: number[], until: number): Promise<Spikes> {
  const trials = [0, 1013, 2500, 4999];
  const parts: Spikes[] = [];
  const stops = [...new Set([...cuts, ...trials, until])].sort((a, b) => a - b);
  for (const stop of stops) {
    parts.push(await device.read(stop));
    const trial = trials.indexOf(stop);
    if (trial >= 0)
      await device.stimulate([
        ...pulsesFor([trial, 20 + trial], 1, stop + 7, device.profile),
        ...pulsesFor([40 + trial], 0.6, stop + 175, device.profile),
      ]);
  }
  return {
    frames: Float64Array.from(parts.flatMap(({ frames }) => [...frames])),
    channels: Uint16Array.from(parts.flatMap(({ channels }) => [...channels])),
  };
}

describe("SimulatedMea", () => {
  it.each([2000, 0])(
    "gives the same spikes, and leaves the same culture, however the reading is cut (blanking %i us)",
    async (blankingUs) => {
      const detection = { ...simulatedMeaDefaults.detection, blankingUs };
      const open = () => openDevice(make({ ...simulatedMeaDefaults, detection }));
      const until = 7500;
      const whole = open();
      const expected = await session(whole, [], until);
      const state = whole.simulated!.snapshot().culture;
      expect(expected.frames.length).toBeGreaterThan(20);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: until }), { maxLength: 40 }), async (cuts) => {
          // Cuts inside the step in which a pulse begins are where a pulse could be lost.
          const device = open();
          expect(await session(device, [...cuts, 8, 1020, 2508, 5009], until)).toEqual(expected);
          expect(Buffer.compare(device.simulated!.snapshot().culture, state)).toBe(0);
        }),
        { seed: 1, numRuns: 8 },
      );
    },
  );

  it("continues from a snapshot to the bit, ledger included, at any frame", async () => {
    const device = openDevice(make());
    await session(device, [], 5003);
    const snapshot = structuredClone(device.simulated!.snapshot());
    const later = [await device.read(5050), await device.read(20_000)];
    const books = device.ledger();
    const other = openDevice(make());
    other.simulated!.restore(snapshot);
    expect(other.now()).toBe(5003);
    expect([await other.read(5050), await other.read(20_000)]).toEqual(later);
    expect(other.ledger()).toEqual(books);
    device.simulated!.restore(snapshot);
    expect([await device.read(5050), await device.read(20_000)]).toEqual(later);
  });

  it("depolarises each cell by 40 mV * strength * exp(-(d / 0.11 mm)^2) at the first step after the pulse", async () => {
    const device = openDevice(make());
    const twin = smallCulture(sheet);
    await device.read(503);
    await device.stimulate(pulsesFor([9], 0.5, 511, device.profile));
    await device.read(1000);
    twin.advance(52);
    for (let cell = 0; cell < 300; cell++) {
      const x = anatomy.positionsMm[2 * cell] - 0.3;
      const y = anatomy.positionsMm[2 * cell + 1] - 0.3;
      const mv = Math.fround(40 * Math.exp(-(x * x + y * y) / 0.11 ** 2));
      if (mv >= 0.01) twin.depolarise([cell], [Math.fround(0.5 * mv)]);
    }
    twin.advance(48);
    expect(Buffer.compare(device.simulated!.snapshot().culture, twin.snapshot())).toBe(0);
  });

  it("cancels on stop what has not begun: the culture is as if never stimulated", async () => {
    const device = openDevice(make());
    await device.stimulate(pulsesFor([1, 2, 3], 1, 1000, device.profile));
    await device.read(990);
    await device.stop();
    await device.read(5000);
    const untouched = smallCulture(sheet);
    untouched.advance(500);
    expect(Buffer.compare(device.simulated!.snapshot().culture, untouched.snapshot())).toBe(0);
  });

  it("begins at the present of a culture that has already lived", async () => {
    const culture = smallCulture(sheet);
    culture.advance(5000);
    const device = openDevice(new SimulatedMea(culture, { seed: 3 }));
    expect(device.now()).toBe(50_000);
    const { frames } = await device.read(75_000);
    expect(frames.length).toBeGreaterThan(0);
    expect(Math.min(...frames)).toBeGreaterThanOrEqual(50_000);
  });

  it("takes back only a snapshot with the ledger of its moment", () => {
    const driver = make();
    const device = openDevice(driver);
    expect(() => device.simulated!.restore(driver.simulated.snapshot())).toThrow("without its ledger");
  });

  it("places the 64 electrodes column by column, 200 um apart from 100 um", () => {
    expect(simulatedProfile.electrodes[0]).toMatchObject({ channel: 0, xUm: 100, yUm: 100 });
    expect(simulatedProfile.electrodes[8 * 3 + 5]).toMatchObject({ channel: 29, xUm: 700, yUm: 1100 });
  });
});

describe("detection", () => {
  const silentNoise = { ...simulatedMeaDefaults.detection, noiseHz: 0 };
  /** The spikes that each electrode could see, from a twin of the culture. */
  let fired: { step: number; cell: number }[];
  beforeAll(() => {
    const { steps, neurons } = smallCulture(sheet).advance(25_000);
    fired = Array.from(steps, (step, i) => ({ step, cell: neurons[i] }));
  });
  const nearest = (cell: number) => {
    const distances = simulatedProfile.electrodes.map(({ xUm, yUm }) =>
      Math.hypot(anatomy.positionsMm[2 * cell] - xUm / 1e3, anatomy.positionsMm[2 * cell + 1] - yUm / 1e3),
    );
    const distance = Math.min(...distances);
    return { channel: distances.indexOf(distance), distance };
  };
  const read = (detection: SimulatedMeaParameters["detection"]) =>
    openDevice(make({ ...simulatedMeaDefaults, detection })).read(250_000);

  it("without noise, dead time or misses sees each spike of the cells within 0.09 mm, once, in its step", async () => {
    const detection = { ...silentNoise, deadTimeUs: 0, probability: 1, fallMm: 1e9 };
    const seen = await read(detection);
    const expected = fired
      .map(({ step, cell }) => ({ step, ...nearest(cell) }))
      .filter(({ distance }) => distance <= 0.09)
      .map(({ step, channel }) => `${step} ${channel}`);
    const actual = Array.from(seen.frames, (frame, i) => `${Math.floor(frame / 10)} ${seen.channels[i]}`);
    expect(actual.sort()).toEqual(expected.sort());
    const jitter = new Set(Array.from(seen.frames, (frame) => frame % 10));
    expect(jitter.size).toBe(10);
  });

  it("misses spikes with the stated probability", async () => {
    const seen = await read({ ...silentNoise, deadTimeUs: 0 });
    const chances = fired
      .map(({ cell }) => nearest(cell).distance)
      .filter((distance) => distance <= 0.09)
      .map((distance) => 0.95 * Math.exp(-((distance / 0.08) ** 2)));
    const mean = chances.reduce((sum, p) => sum + p, 0);
    const sd = Math.sqrt(chances.reduce((sum, p) => sum + p * (1 - p), 0));
    expect(Math.abs(seen.frames.length - mean)).toBeLessThan(4 * sd);
    expect(mean).toBeGreaterThan(100);
  });

  it("sees nothing on an electrode within the dead time, and nothing anywhere after a pulse", async () => {
    const parameters = {
      ...simulatedMeaDefaults,
      detection: { ...simulatedMeaDefaults.detection, noiseHz: 1000 },
    };
    const device = openDevice(make(parameters));
    const pulses = [1003, 1100, 4000, 9001];
    for (const [i, frame] of pulses.entries())
      await device.stimulate(pulsesFor([i * 8], 1, frame, device.profile));
    const { frames, channels } = await device.read(10_000);
    const last = new Map<number, number>();
    const wrong: number[] = [];
    frames.forEach((frame, i) => {
      if (frame - (last.get(channels[i]) ?? -100) < 25) wrong.push(frame);
      if (pulses.some((pulse) => frame >= pulse && frame < pulse + 50)) wrong.push(frame);
      last.set(channels[i], frame);
    });
    expect(wrong).toEqual([]);
    for (const pulse of [1100, 4000, 9001])
      expect(frames.find((frame) => frame > pulse)).toBeLessThan(pulse + 55);
  });

  it("makes up spikes as a Poisson process of the stated rate", async () => {
    const detection = { ...simulatedMeaDefaults.detection, probability: 0, noiseHz: 5, deadTimeUs: 0 };
    const { frames, channels } = await read(detection);
    const expected = 5 * 64 * 10;
    expect(Math.abs(frames.length - expected)).toBeLessThan(4 * Math.sqrt(expected));
    const perChannel = Array.from(
      { length: 64 },
      (_, channel) => channels.filter((c) => c === channel).length,
    );
    const mean = expected / 64;
    const variance = perChannel.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 64;
    // Variance of a Poisson count equals its mean; the estimate from 64 has a relative sd of sqrt(2 / 63).
    expect(Math.abs(variance / mean - 1)).toBeLessThan(4 * Math.sqrt(2 / 63));
  });
});
