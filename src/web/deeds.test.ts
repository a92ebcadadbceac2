import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Deed, followers, readDeeds, withDeed, writeDeeds } from "./deeds.ts";

const K = 8;
const tune = fc.shuffledSubarray([...Array(K).keys()], { minLength: K });
const um = fc.nat(1600);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant("teach" as const), notes: fc.nat(1000) }),
  fc.record({ kind: fc.constant("play" as const), from: fc.nat(K - 1), notes: fc.nat(1000) }),
  fc.constant({ kind: "scramble" as const }),
  fc.record({ kind: fc.constant("cut" as const), xUm: um, yUm: um, radiusUm: um }),
  fc.record({ kind: fc.constant("freeze" as const), isFrozen: fc.boolean() }),
  fc.record({ kind: fc.constant("rest" as const), seconds: fc.nat(3600) }),
  fc.record({ kind: fc.constant("tune" as const), tune }),
);

describe("deeds", () => {
  it("come back from a link as they were", () => {
    fc.assert(
      fc.property(fc.array(deed), (deeds) => {
        expect(readDeeds(writeDeeds(deeds), K)).toEqual(deeds);
      }),
    );
  });

  it("of teaching are one with the teaching before", () => {
    fc.assert(
      fc.property(fc.array(deed), (deeds) => {
        const joined = deeds.reduce<Deed[]>(withDeed, []);
        const taught = (list: readonly Deed[]) =>
          list.reduce((sum, each) => sum + (each.kind === "teach" ? each.notes : 0), 0);
        expect(taught(joined)).toBe(taught(deeds));
        joined.forEach(({ kind }, i) => {
          expect(kind === "teach" && joined[i - 1]?.kind === "teach").toBe(false);
        });
      }),
    );
  });

  it("that are none are refused by name", () => {
    for (const word of ["q", "t", "t1e3", "p8x1", "u0123456", "u01234566", "c1-2", "f2", "t100001", "t-1"])
      expect(() => readDeeds(`t8.${word}`, K), word).toThrow(`got ${word}`);
    expect(() => readDeeds("s.".repeat(3000), K)).toThrow("at most 2000 deeds");
  });

  it("a tune leads through every note and back", () => {
    fc.assert(
      fc.property(tune, (notes) => {
        const next = followers(notes);
        let at = notes[0];
        const heard = notes.map(() => (at = next[at]));
        expect([...heard].sort()).toEqual([...Array(K).keys()]);
        expect(at).toBe(notes[0]);
      }),
    );
  });
});
