/** Snappy blocks as the format's description has them, and damaged ones: bytes or an error, never a loop. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { snappyBlock } from "./snappy.ts";

const unpacked = (bytes: readonly number[], size: number) => [
  ...snappyBlock(Uint8Array.from(bytes), new Uint8Array(size)),
];

describe("a Snappy block", () => {
  it("has literals, short and long, and copies, also onto themselves", () => {
    // Length 3, literal of 3.
    expect(unpacked([3, 2 << 2, 7, 8, 9], 3)).toEqual([7, 8, 9]);
    // Literal "a", then 7 bytes from 1 back: a run.
    expect(unpacked([8, 0, 97, (3 << 2) | 1, 1], 8)).toEqual(new Array(8).fill(97));
    // Two bytes of offset, then four.
    expect(unpacked([6, 1 << 2, 1, 2, (1 << 2) | 2, 2, 0, (1 << 2) | 3, 4, 0, 0, 0], 6)).toEqual([
      1, 2, 1, 2, 1, 2,
    ]);
    // A literal whose length is in a byte of its own.
    const long = Array.from({ length: 100 }, (_, i) => i);
    expect(unpacked([100, 60 << 2, 99, ...long], 100)).toEqual(long);
  });

  it("that claims what is not there is an error, whatever its bytes", () => {
    // A literal of four bytes of length, of 2^32 - 1.
    expect(() => unpacked([4, 63 << 2, 255, 255, 255, 255, 1, 2], 4)).toThrow(/literal claims 4294967296/);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(200), (bytes, size) => {
        try {
          expect(snappyBlock(bytes, new Uint8Array(size)).length).toBe(size);
        } catch (error) {
          expect((error as Error).message).toMatch(/^a Snappy /);
        }
      }),
    );
  });
});
