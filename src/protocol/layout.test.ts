/** What is pulsed and what is read, against counting one by one. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pulse, Spikes } from "../device/contract.ts";
import { FULL_CURRENT_UA } from "../device/stimulation.ts";
import { Random } from "../math/random.ts";
import { ProtocolError } from "./error.ts";
import { addEfference, channelsOf, layoutFor, pulsesOf, readState } from "./layout.ts";
import { type Datum, framesOf, STANDARD_PROTOCOL, type Write, writtenElectrodes } from "./protocol.ts";
import { standardLayout } from "./testing.ts";

const layout = standardLayout();
const { frames, protocol, roles, channels } = layout;
const ALL = frames.volleys.length;
const FULL: Datum = { places: [0], volleys: ALL };
const STATE = protocol.bins * channels;
const runs = { numRuns: 100, seed: 1 };

const places = fc.uniqueArray(fc.nat(roles.sensory.length - 1), { minLength: 1, maxLength: 5 });
const data: fc.Arbitrary<Datum> = fc.record({ places, volleys: fc.integer({ min: 1, max: ALL }) });
const writes: fc.Arbitrary<Write> = fc.record({
  channels: fc.shuffledSubarray([...roles.prediction], { minLength: 1, maxLength: 5 }),
  amplitude: fc.constantFrom(0.25, 0.5, 1),
  delayFrames: fc.constantFrom(0, frames.bin - 1, frames.bin, ...frames.babbleWrites),
});
const written = fc.option(writes);
const delayOf = (write: Write | null) => (write ? writtenElectrodes(write, FULL)[0].delayFrames : 0);
const amplitudeOf = ({ phases }: Pulse) => phases[1].currentUa / FULL_CURRENT_UA;

/** Counted spike by spike: how many fell into each bin after one of the datum's volleys. */
function counted(spikes: Spikes, { volleys }: Datum): Float32Array {
  const counts = new Float32Array(STATE);
  for (const [i, frame] of spikes.frames.entries())
    for (const volley of frames.volleys.slice(0, volleys)) {
      const bin = Math.floor((frame - volley) / frames.bin);
      if (bin >= 0 && bin < protocol.bins) counts[bin * channels + spikes.channels[i]] += ALL / volleys;
    }
  return counts;
}

function someSpikes(seed: number, count: number): Spikes {
  const random = Random.of(seed, "spikes");
  const at = Array.from({ length: count }, () => random.integer(frames.presentation)).sort((a, b) => a - b);
  return {
    frames: Float64Array.from(at),
    channels: Uint16Array.from(at, () => random.integer(channels)),
  };
}

describe("pulsesOf", () => {
  it("pulses the datum's electrodes at each of its volleys, and the write's after its delay", () => {
    fc.assert(
      fc.property(data, written, (datum, write) => {
        const expected = frames.volleys
          .slice(0, datum.volleys)
          .flatMap((volley) => [
            ...datum.places.map((place) => [volley, roles.sensory[place], 1]),
            ...(write?.channels ?? []).map((channel) => [volley + delayOf(write), channel, write?.amplitude]),
          ]);
        const pulses = pulsesOf(layout, datum, write);
        expect(pulses.map((pulse) => [pulse.frame, pulse.channel, amplitudeOf(pulse)])).toEqual(expected);
      }),
      runs,
    );
  });
});

describe("a write whose electrodes have delays and volleys of their own", () => {
  const [a, b, c] = roles.prediction;
  const [early, late] = [-4 * frames.perMs, 1.2 * frames.perMs];
  const write: Write = {
    channels: [a, b, c],
    amplitude: 1,
    delayFrames: [late, early, frames.write],
    volleys: [ALL, 1, 2],
  };

  it("pulses each at its own time, the earliest at the presentation's start, in the order of time", () => {
    const pulses = pulsesOf(layout, FULL, write);
    const framesOn = (channel: number) =>
      pulses.filter((pulse) => pulse.channel === channel).map(({ frame }) => frame);
    const shifted = frames.volleys.map((volley) => volley - early);
    expect(framesOn(roles.sensory[0])).toEqual(shifted);
    expect(framesOn(a)).toEqual(shifted.map((volley) => volley + late));
    expect(framesOn(b)).toEqual([0]);
    expect(framesOn(c)).toEqual(shifted.slice(0, 2).map((volley) => volley + frames.write));
    expect(pulses.map(({ frame }) => frame)).toEqual(pulses.map(({ frame }) => frame).sort((x, y) => x - y));
  });

  it("is read after the volleys as they came, and leaves no copy of what was evoked before them", () => {
    const spikes = someSpikes(3, 400);
    const moved = { ...spikes, frames: spikes.frames.map((frame) => frame - early) };
    const read = readState(layout, moved, { datum: FULL, write });
    expect(read).toEqual(counted(spikes, FULL));
    const state = addEfference(layout, new Float32Array(STATE), {
      datum: FULL,
      write,
      pulses: pulsesOf(layout, FULL, write),
    });
    const perVolley = protocol.evokedCount;
    expect(state[a]).toBe(ALL * perVolley);
    expect(state[channels + c]).toBe(2 * perVolley);
    for (let bin = 0; bin < protocol.bins; bin++) expect(state[bin * channels + b]).toBe(0);
  });

  it("of another length than its electrodes is refused in one line", () => {
    expect(() => pulsesOf(layout, FULL, { ...write, volleys: [1] })).toThrow(
      "write: expected one value per electrode, got 1 for 3 electrodes",
    );
  });
});

describe("readState", () => {
  it("counts the spikes after each volley, bin by bin; of fewer volleys as if of all", () => {
    fc.assert(
      fc.property(data, fc.nat(1000), fc.nat(500), (datum, seed, count) => {
        const spikes = someSpikes(seed, count);
        expect(readState(layout, spikes, { datum, write: null })).toEqual(counted(spikes, datum));
      }),
      runs,
    );
  });

  it("of an answer that is the same after every volley is the same for any number of volleys", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: ALL }), (seed, volleys) => {
        const answer = someSpikes(seed, 300);
        const early = [...answer.frames.keys()].filter((i) => answer.frames[i] < protocol.bins * frames.bin);
        const spikes: Spikes = {
          frames: Float64Array.from(
            frames.volleys.flatMap((volley) => early.map((i) => volley + answer.frames[i])),
          ),
          channels: Uint16Array.from(frames.volleys.flatMap(() => early.map((i) => answer.channels[i]))),
        };
        const read = (count: number) =>
          readState(layout, spikes, { datum: { places: [0], volleys: count }, write: null });
        const few = read(volleys);
        expect(few).toEqual(read(ALL));
        expect(few.some((count) => count > 0)).toBe(true);
      }),
      runs,
    );
  });
});

describe("addEfference", () => {
  it("puts the pulses where their spikes are hidden: the datum's in the first bin, the write's in its own", () => {
    const random = Random.of(1);
    const datum: Datum = { places: [3, 7], volleys: ALL };
    const [one, other] = channelsOf(roles, datum);
    const [a, b] = roles.prediction;
    const last = (protocol.bins - 1) * frames.bin;
    for (const delayFrames of [0, frames.bin - 1, frames.bin, frames.write, last]) {
      const before = Float32Array.from({ length: STATE }, () => random.integer(3));
      const write = { channels: [a, b], amplitude: 0.5, delayFrames };
      const pulses = pulsesOf(layout, datum, write);
      const after = addEfference(layout, before.slice(), { datum, write, pulses });
      const changed = [...after.keys()].filter((i) => after[i] !== before[i]);
      const bin = Math.floor(delayFrames / frames.bin);
      expect(changed).toEqual([one, other, bin * channels + a, bin * channels + b].sort((i, j) => i - j));
      const full = after[one] - before[one];
      expect(full).toBeGreaterThan(0);
      expect(after[bin * channels + a] - before[bin * channels + a]).toBeCloseTo(full / 2, 5);
      const without = addEfference(layout, before.slice(), { datum, write, pulses }, 0);
      expect(without).toEqual(addEfference(layout, before.slice(), { datum, write: null, pulses }));
    }
  });

  it("counts each pulse that was delivered, and none that was refused; of fewer volleys as if of all", () => {
    fc.assert(
      fc.property(data, written, fc.nat(1000), (datum, write, seed) => {
        const random = Random.of(seed, "gate");
        const pulses = pulsesOf(layout, datum, write).filter(() => random.uniform() < 0.6);
        const share = random.uniform();
        const expected = new Float64Array(STATE);
        for (const pulse of pulses) {
          const isDatum = roles.sensory.includes(pulse.channel);
          const volley = Math.max(...frames.volleys.filter((start) => start <= pulse.frame));
          const bin = Math.floor((pulse.frame - volley) / frames.bin);
          const weight = isDatum ? 1 : amplitudeOf(pulse) * share;
          expected[bin * channels + pulse.channel] += (weight * protocol.evokedCount * ALL) / datum.volleys;
        }
        const state = addEfference(layout, new Float32Array(STATE), { datum, write, pulses }, share);
        state.forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i], 4);
        });
      }),
      runs,
    );
  });

  it("of a presentation whose pulses were all refused leaves the state as it was read", () => {
    fc.assert(
      fc.property(data, writes, fc.nat(1000), (datum, write, seed) => {
        const read = readState(layout, someSpikes(seed, 200), { datum, write });
        expect(addEfference(layout, read.slice(), { datum, write, pulses: [] })).toEqual(read);
      }),
      runs,
    );
  });
});

describe("framesOf", () => {
  it("puts the protocol on the clock of any device whose frames its times fall on", () => {
    const own = framesOf(STANDARD_PROTOCOL, 20_000);
    expect(own).toMatchObject({ presentation: 2000, volleys: [0, 500, 1000], write: 80, bin: 80, perMs: 20 });
  });

  it("refuses a clock between whose frames they fall, in one line", () => {
    const refusal = () => framesOf(STANDARD_PROTOCOL, 24_414.0625);
    expect(refusal).toThrow(ProtocolError);
    expect(refusal).toThrow(/^protocol: expected times in whole frames of the device .* got \d+ ms/);
  });
});

it("writes later where asked to, babbling as much later, and nowhere between two frames", () => {
  const later = layoutFor(layout.profile, 1, 8, 10);
  const { perMs } = later.frames;
  expect(later.frames.write).toBe(10 * perMs);
  expect(later.frames.babbleWrites.map((frame) => frame / perMs)).toEqual(
    protocol.babbleWritesMs.map((ms) => ms + 10 - protocol.writeMs),
  );
  expect(layoutFor(layout.profile, 1, 8, protocol.writeMs)).toEqual(layoutFor(layout.profile, 1, 8));
  expect(() => layoutFor(layout.profile, 1, 8, 4.01)).toThrow(ProtocolError);
});
