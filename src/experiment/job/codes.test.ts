import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NOTHING, STRANGE } from "../../emulator/contract.ts";
import { Random } from "../../math/random.ts";
import { chooseFreeCode } from "./codes.ts";

const Z = 3;

/** Babbled patches around a centre for each pattern; the last centre is of no write. */
function babbled(
  centres: readonly (readonly number[])[],
  each: number,
  random: Random,
  spread = [0.1, 0.1, 0.1],
) {
  const patternOf: number[] = [];
  const patches: number[] = [];
  centres.forEach((centre, p) => {
    for (let i = 0; i < each; i++) {
      patternOf.push(p === centres.length - 1 ? NOTHING : p);
      patches.push(...centre.map((value, d) => value + spread[d] * random.normal()));
    }
  });
  // Patterns without a name, far out: they must not count.
  for (let i = 0; i < each; i++) {
    patternOf.push(STRANGE);
    patches.push(100, -100, 100);
  }
  return {
    evoked: { patches: Float32Array.from(patches), latents: Z },
    written: { patternOf: Int32Array.from(patternOf), patterns: centres.length - 1 },
  };
}

describe("chooseFreeCode", () => {
  it("finds the patterns that can be told apart among those that evoke nothing or the same", () => {
    const random = Random.of(1, "codes");
    const silent = [0, 0, 0];
    const corners = [
      [5, 0, 0],
      [0, 5, 0],
      [0, 0, 5],
      [-5, 0, 0],
    ];
    // Four corners at 2, 5, 7 and 8; all others evoke what silence does.
    const centres = Array.from(
      { length: 12 },
      (_, p) => corners[[2, 5, 7, 8].indexOf(p)] ?? [0.05 * p, 0, 0],
    );
    const { evoked, written } = babbled([...centres, silent], 20, random);
    const chosen = chooseFreeCode(evoked, written, 4, random);
    expect([...chosen].sort((a, b) => a - b)).toEqual([2, 5, 7, 8]);
  });

  it("takes one of each cluster of look-alikes", () => {
    const random = Random.of(2, "codes");
    const directions = [
      [4, 0, 0],
      [0, 4, 0],
      [0, 0, 4],
    ];
    const centres = Array.from({ length: 12 }, (_, p) =>
      directions[p % 3].map((v) => v + 0.05 * random.normal()),
    );
    const { evoked, written } = babbled([...centres, [0, 0, 0]], 20, random);
    const chosen = chooseFreeCode(evoked, written, 3, random);
    expect(chosen.map((p) => p % 3).sort()).toEqual([0, 1, 2]);
  });

  it("measures distance in units of the spread within a pattern", () => {
    const random = Random.of(3, "codes");
    // The first axis moves far, but by chance alone; the second moves little, and means it.
    const centres = [
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
    ];
    const { evoked, written } = babbled([...centres, [0, 0, 0]], 200, random, [3, 0.05, 0.05]);
    expect(chooseFreeCode(evoked, written, 2, random).sort()).toEqual([2, 3]);
  });

  it("never takes a pattern twice, also where none differ", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10 }), fc.integer(), fc.boolean(), (patterns, seed, same) => {
        const random = Random.of(seed);
        const centres = Array.from({ length: patterns + 1 }, () =>
          Array.from({ length: Z }, () => (same ? 0 : random.normal())),
        );
        const { evoked, written } = babbled(centres, 3, random, same ? [0, 0, 0] : undefined);
        const classes = 1 + random.integer(patterns);
        const chosen = chooseFreeCode(evoked, written, classes, random);
        expect(new Set(chosen).size).toBe(classes);
        expect(chosen.every((p) => p >= 0 && p < patterns)).toBe(true);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});
