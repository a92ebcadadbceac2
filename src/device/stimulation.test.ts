import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulatedProfile } from "./simulated/array.ts";
import { decodeWrite, flashesFor, pulsesFor } from "./stimulation.ts";

describe("flashesFor", () => {
  const full = { irradianceMwPerMm2: 0.8, durationUs: 1000 };
  const profile = { name: "brain", lightChannels: [3, 4] };

  it("lights channels of light alone, linear in amplitude, and none for amplitude 0", () => {
    const light = { irradianceMwPerMm2: 0.4, durationUs: 1000 };
    expect(flashesFor([4, 3], 0.5, { frame: 7, full }, profile)).toEqual([
      { frame: 7, channel: 4, phases: [], light },
      { frame: 7, channel: 3, phases: [], light },
    ]);
    expect(flashesFor([3], 0, { frame: 7, full }, profile)).toEqual([]);
  });

  it("refuses other channels, and amplitudes that are none", () => {
    expect(() => flashesFor([3, 5], 1, { frame: 0, full }, profile)).toThrow("no channel of light 5");
    expect(() => flashesFor([3], Number.NaN, { frame: 0, full }, profile)).toThrow("an amplitude >= 0");
  });
});

describe("pulsesFor", () => {
  it("makes balanced biphasic pulses, cathodic first, linear in amplitude, and none for amplitude 0", () => {
    expect(pulsesFor([5, 6, 7], [1, 0, 0.5], 100, simulatedProfile)).toEqual([
      {
        frame: 100,
        channel: 5,
        phases: [
          { currentUa: -2.5, durationUs: 160 },
          { currentUa: 2.5, durationUs: 160 },
        ],
      },
      {
        frame: 100,
        channel: 7,
        phases: [
          { currentUa: -1.25, durationUs: 160 },
          { currentUa: 1.25, durationUs: 160 },
        ],
      },
    ]);
    expect(pulsesFor([5, 6], 1, 0, simulatedProfile).map(({ channel }) => channel)).toEqual([5, 6]);
  });

  it("says what is wrong", () => {
    expect(() => pulsesFor([1, 2], [1], 0, simulatedProfile)).toThrow("got 1 for 2 channels");
    expect(() => pulsesFor([64], 1, 0, simulatedProfile)).toThrow("has no channel 64");
    expect(() => pulsesFor([1], -1, 0, simulatedProfile)).toThrow("amplitude >= 0 on channel 1, got -1");
    expect(() => pulsesFor([1], Number.NaN, 0, simulatedProfile)).toThrow("got NaN");
  });
});

describe("decodeWrite", () => {
  it("takes the channels with the largest product of ratios over the bins", () => {
    const rates = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 18, maxLength: 18 });
    fc.assert(
      fc.property(rates, rates, fc.integer({ min: 1, max: 4 }), (intended, alone, count) => {
        const zone = [5, 0, 3, 2];
        const chosen = decodeWrite(
          { intended: Float32Array.from(intended), alone: Float32Array.from(alone), channels: 6 },
          zone,
          count,
        );
        const product = (channel: number) =>
          [0, 1, 2].reduce(
            (total, bin) => (total * (intended[bin * 6 + channel] + 0.1)) / (alone[bin * 6 + channel] + 0.1),
            1,
          );
        expect(new Set(chosen).size).toBe(count);
        const worst = Math.min(...chosen.map(product));
        for (const other of zone.filter((channel) => !chosen.includes(channel)))
          expect(product(other)).toBeLessThanOrEqual(worst * (1 + 1e-5));
      }),
      { seed: 1 },
    );
  });

  it("recovers the channels that were raised, best first, and breaks ties by number", () => {
    const alone = new Float32Array(2 * 4).fill(1);
    const intended = Float32Array.of(1, 3, 1, 1, 1, 1, 1, 5);
    expect(decodeWrite({ intended, alone, channels: 4 }, [0, 1, 2, 3], 2)).toEqual([3, 1]);
    expect(decodeWrite({ intended, alone, channels: 4 }, [2, 0], 1)).toEqual([0]);
  });

  it("says what is wrong", () => {
    const state = new Float32Array(8);
    expect(() => decodeWrite({ intended: state, alone: new Float32Array(4), channels: 4 }, [0], 1)).toThrow(
      "got 8 and 4 values",
    );
    expect(() => decodeWrite({ intended: state, alone: state, channels: 4 }, [0], 2)).toThrow(
      "at most 1 channels",
    );
    expect(() => decodeWrite({ intended: state, alone: state, channels: 4 }, [4], 1)).toThrow("no channel 4");
    expect(() => decodeWrite({ intended: state.fill(-1), alone: state, channels: 4 }, [0], 1)).toThrow(
      "expected counts >= 0, got -1 and -1",
    );
  });
});
