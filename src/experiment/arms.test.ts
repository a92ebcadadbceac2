import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../math/random.ts";
import { PATTERN_SIZE } from "../protocol/protocol.ts";
import { type WriteSource, writesOf } from "./arms.ts";
import type { Datum } from "./subject.ts";

const CLASSES = 5;
const prediction = Array.from({ length: 30 }, (_, i) => 2 * i + 1);
const datum = (nextClass: number): Datum => ({ places: [0], context: [0], nextClass, step: 0 });

function source(seed: number, presentations = 40): WriteSource {
  const random = Random.of(seed, "source");
  const pick = () => random.permutation(prediction.length).slice(0, PATTERN_SIZE);
  return {
    seed,
    prediction,
    presentations,
    patterns: Array.from({ length: CLASSES }, () => pick().map((i) => prediction[i])),
    descentChannels: Uint16Array.from(
      Array.from({ length: presentations }, pick).flatMap((indices) => indices.map((i) => prediction[i])),
    ),
  };
}

const descentWrites = ({ descentChannels, presentations }: WriteSource) =>
  Array.from({ length: presentations }, (_, n) => [
    ...descentChannels!.slice(n * PATTERN_SIZE, (n + 1) * PATTERN_SIZE),
  ]);
const allWrites = (arm: Parameters<typeof writesOf>[0], from: WriteSource) => {
  const write = writesOf(arm, from);
  return Array.from({ length: from.presentations }, (_, n) => write(n, datum(n % CLASSES))?.channels);
};

const seeds = fc.integer({ min: 0, max: 1000 });
const runs = { numRuns: 20, seed: 1 };

describe("arms", () => {
  it("yoked replays the descent's writes, each once, in another order", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const from = source(seed);
        const [own, yoked] = [descentWrites(from), allWrites("yoked", from)];
        expect(yoked).not.toEqual(own);
        const sorted = (writes: readonly unknown[]) => writes.map(String).sort();
        expect(sorted(yoked)).toEqual(sorted(own));
      }),
      runs,
    );
  });

  it("frozen replays them in order", () => {
    const from = source(1);
    expect(allWrites("frozen", from)).toEqual(descentWrites(from));
  });

  it("random sends as many pulses, on different electrodes of the prediction zone, the same ones again when resumed", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const writes = allWrites("random", source(seed));
        for (const channels of writes) {
          expect(new Set(channels).size).toBe(PATTERN_SIZE);
          expect(channels!.every((channel) => prediction.includes(channel))).toBe(true);
        }
        expect(allWrites("random", source(seed))).toEqual(writes);
        // Asked for one alone, out of turn, it gives the same.
        expect(writesOf("random", source(seed))(17, datum(0))?.channels).toEqual(writes[17]);
      }),
      runs,
    );
    // Over many writes every electrode has its turn, none much more often than another.
    const counts = new Map<number, number>();
    for (const channels of allWrites("random", source(3, 1500)))
      for (const channel of channels!) counts.set(channel, (counts.get(channel) ?? 0) + 1);
    const expected = (1500 * PATTERN_SIZE) / prediction.length;
    for (const channel of prediction)
      expect(Math.abs((counts.get(channel) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });

  it("teacher writes the true class's pattern, sham nothing", () => {
    const from = source(2);
    expect(allWrites("teacher", from)).toEqual(
      Array.from({ length: from.presentations }, (_, n) => from.patterns[n % CLASSES]),
    );
    expect(allWrites("sham", from).every((write) => write === undefined)).toBe(true);
  });

  it("all write at the same time and strength", () => {
    const from = source(4);
    const timing = (arm: Parameters<typeof writesOf>[0]) => {
      const { amplitude, delayFrames } = writesOf(arm, from)(0, datum(0))!;
      return { amplitude, delayFrames };
    };
    for (const arm of ["yoked", "frozen", "random"] as const) expect(timing(arm)).toEqual(timing("teacher"));
  });

  it("a replay without the descent is refused in one line", () => {
    const from = { ...source(5), descentChannels: null };
    for (const arm of ["yoked", "frozen"] as const)
      expect(() => writesOf(arm, from)(0, datum(0))).toThrow(`arm ${arm} replays the descent: run it with`);
  });
});
