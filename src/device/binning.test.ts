import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binSpikes } from "./binning.ts";

const spikes = (events: (readonly [number, number])[]) => {
  const sorted = [...events].sort((a, b) => a[0] - b[0]);
  return {
    frames: Float64Array.from(sorted, ([frame]) => frame),
    channels: Uint16Array.from(sorted, ([, channel]) => channel),
  };
};

describe("binSpikes", () => {
  it("counts as a brute-force count does", () => {
    const event = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 5 }));
    const natural = (max: number) => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 60 }),
        fc.integer({ min: 0, max: 150 }),
        fc.record({ binFrames: natural(40), bins: natural(8), channels: natural(6) }),
        (events, from, shape) => {
          const { binFrames, bins, channels } = shape;
          const counts = binSpikes(spikes(events), from, shape);
          for (let bin = 0; bin < bins; bin++)
            for (let channel = 0; channel < channels; channel++) {
              const start = from + bin * binFrames;
              const inside = events.filter(([f, c]) => c === channel && f >= start && f < start + binFrames);
              expect(counts[bin * channels + channel]).toBe(inside.length);
            }
        },
      ),
      { seed: 1 },
    );
  });

  it("says which size is wrong", () => {
    expect(() => binSpikes(spikes([]), 0, { binFrames: 0, bins: 1, channels: 1 })).toThrow(
      "expected binFrames to be a positive integer, got 0",
    );
  });
});
