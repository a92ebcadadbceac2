import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../math/random.ts";
import type { Write } from "../protocol/protocol.ts";
import { standardLayout } from "../protocol/testing.ts";
import type { Training } from "./contract.ts";
import type { Variation } from "./variation-names.ts";
import { variationWrites } from "./variations.ts";

const [CLASSES, CYCLES, BRAINS] = [5, 2, 2];
const layouts = Array.from({ length: BRAINS }, (_, brain) => standardLayout(brain, CLASSES));
const SIZE = layouts[0].protocol.patternSize;
const brains = [...layouts.keys()];

interface Source {
  readonly seed: number;
  /** Of one cycle. */
  readonly presentations: number;
  /** `[N][K]` */
  readonly patterns: readonly (readonly number[][])[];
  /** `[cycle]` `[R, N, S]`; null: the descent has not run. */
  readonly descent: readonly Uint16Array[] | null;
}

function source(seed: number, presentations = 20): Source {
  const random = Random.of(seed, "source");
  const pick = (brain: number) => {
    const { prediction } = layouts[brain].roles;
    return random
      .permutation(prediction.length)
      .slice(0, SIZE)
      .map((i) => prediction[i]);
  };
  return {
    seed,
    presentations,
    patterns: brains.map((brain) => Array.from({ length: CLASSES }, () => pick(brain))),
    descent: Array.from({ length: CYCLES }, () =>
      Uint16Array.from(Array.from({ length: presentations }, () => brains.flatMap(pick)).flat()),
    ),
  };
}

/** `[R][N]` of channels `[R, N, S]`. */
const writesOn = (channels: Uint16Array): Write[][] =>
  Array.from({ length: channels.length / (BRAINS * SIZE) }, (_, n) =>
    layouts.map(({ frames }, brain) => {
      const at = (n * BRAINS + brain) * SIZE;
      return {
        channels: [...channels.subarray(at, at + SIZE)],
        amplitude: 1,
        delayFrames: frames.write,
      };
    }),
  );

/** What a variation is given of a cycle. */
function trainingOf({ seed, presentations, patterns, descent }: Source, cycle: number) {
  return {
    plan: { cycles: CYCLES, presentations },
    seed,
    cycle,
    cultures: { layouts },
    beginning: { patterns },
    descent: (descent ?? []).map((channels) => ({ writes: writesOn(channels) })),
  } as unknown as Training<unknown, unknown>;
}

const targetsOf = (n: number) => Int32Array.from(brains, (brain) => (n + brain) % CLASSES);
const moment = (index: number, targets = targetsOf(index)) => ({ index, data: [], targets });

/** `[R of all cycles][N]` */
function writesOf(arm: Variation, from: Source): (readonly (Write | null)[])[] {
  return Array.from({ length: CYCLES }, (_, cycle) => {
    const writes = variationWrites(arm, trainingOf(from, cycle));
    return Array.from({ length: from.presentations }, (_, n) => writes(moment(n)));
  }).flat();
}
const allChannels = (arm: Variation, from: Source) =>
  writesOf(arm, from).map((row) => row.map((write) => write?.channels));
const descentChannels = ({ descent, presentations }: Source) =>
  (descent ?? []).flatMap((log) =>
    Array.from({ length: presentations }, (_, n) =>
      brains.map((brain) => {
        const at = (n * BRAINS + brain) * SIZE;
        return [...log.slice(at, at + SIZE)];
      }),
    ),
  );

const seeds = fc.integer({ min: 0, max: 1000 });
const runs = { numRuns: 20, seed: 1 };

describe("arms", () => {
  it("yoked replays the descent's writes, each once, in another order", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const from = source(seed);
        const [own, yoked] = [descentChannels(from), allChannels("yoked", from)];
        expect(yoked).not.toEqual(own);
        const sorted = (writes: readonly unknown[]) => writes.map(String).sort();
        expect(sorted(yoked)).toEqual(sorted(own));
      }),
      runs,
    );
  });

  it("frozen replays them in order", () => {
    const from = source(1);
    expect(allChannels("frozen", from)).toEqual(descentChannels(from));
  });

  it("random sends as many pulses, on different electrodes of the prediction zone, the same ones again when resumed", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rows = allChannels("random", source(seed));
        for (const row of rows)
          row.forEach((channels, brain) => {
            expect(new Set(channels).size).toBe(SIZE);
            const { prediction } = layouts[brain].roles;
            expect(channels?.every((channel) => prediction.includes(channel))).toBe(true);
          });
        expect(allChannels("random", source(seed))).toEqual(rows);
        // Asked for one alone, out of turn, it gives the same.
        const [alone] = variationWrites("random", trainingOf(source(seed), 1))(moment(7));
        expect(alone?.channels).toEqual(rows[27][0]);
      }),
      runs,
    );
    // Over many writes every electrode has its turn, none much more often than another.
    const counts = new Map<number, number>();
    for (const [channels] of allChannels("random", source(3, 750)))
      for (const channel of channels ?? []) counts.set(channel, (counts.get(channel) ?? 0) + 1);
    const { prediction } = layouts[0].roles;
    const expected = (1500 * SIZE) / prediction.length;
    for (const channel of prediction)
      expect(Math.abs((counts.get(channel) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });

  it("teacher writes the true class's pattern, sham nothing", () => {
    const from = source(2);
    const expected = Array.from({ length: from.presentations }, (_, n) =>
      brains.map((brain) => from.patterns[brain][targetsOf(n)[brain]]),
    );
    expect(allChannels("teacher", from)).toEqual([...expected, ...expected]);
    expect(writesOf("sham", from).flat()).toEqual(new Array(CYCLES * from.presentations * BRAINS).fill(null));
  });

  it("teacher leaves a brain alone that should say nothing", () => {
    const from = source(6);
    const [none, some] = variationWrites("teacher", trainingOf(from, 0))(moment(0, Int32Array.of(-1, 3)));
    expect(none).toBe(null);
    expect(some?.channels).toEqual(from.patterns[1][3]);
  });

  it("all write at the same time and strength", () => {
    const from = source(4);
    const timing = (arm: Variation) => {
      const [write] = variationWrites(arm, trainingOf(from, 0))(moment(0));
      if (!write) throw new Error(`${arm} wrote nothing`);
      return { amplitude: write.amplitude, delayFrames: write.delayFrames };
    };
    for (const arm of ["yoked", "frozen", "random"] as const) expect(timing(arm)).toEqual(timing("teacher"));
  });

  it("a replay without the descent is refused in one line", () => {
    const from = { ...source(5), descent: null };
    for (const arm of ["yoked", "frozen"] as const)
      expect(() => variationWrites(arm, trainingOf(from, 0))(moment(0))).toThrow(
        `arm ${arm} replays the descent: run it with`,
      );
  });
});
