import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBytes, toBytes } from "./canonical.ts";

const numbers = fc.double();
const leaf = fc.oneof(
  numbers,
  fc.string({ unit: "binary" }),
  fc.boolean(),
  fc.constant(null),
  fc.float32Array(),
  fc.float64Array(),
  fc.int32Array(),
  fc.uint8Array(),
  fc.uint16Array(),
);
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
    fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
})).value;

test("plain data come back as they were, to the sign of a zero, and as the same bytes again", () => {
  fc.assert(
    fc.property(plain, (value) => {
      const bytes = toBytes(value);
      const again = fromBytes(bytes);
      // A dictionary may be made without a prototype.
      expect(structuredClone(again)).toEqual(structuredClone(value));
      expect(Buffer.from(toBytes(again)).equals(bytes)).toBe(true);
    }),
  );
  expect(Object.is(fromBytes(toBytes(-0)), -0)).toBe(true);
});

test("how a number was made and where a row lies leave no trace", () => {
  const buffer = new Float32Array([9, 1, 2, 9]);
  const [half, one] = [0.5, Number.parseFloat("1.0")];
  const made = { a: [half + half, 2], row: buffer.subarray(1, 3) };
  const read = { a: [one, 2.5 - 0.5], row: Float32Array.of(1, 2) };
  expect(Buffer.from(toBytes(made)).equals(toBytes(read))).toBe(true);
  expect(fromBytes(toBytes({ kept: 1, left: undefined }))).toEqual({ kept: 1 });
});

test("what is no plain data is refused by name", () => {
  expect(() => toBytes({ what: /x/ })).toThrow("got [object RegExp]");
  expect(() => toBytes(new Set([1]))).toThrow("got [object Set]");
  expect(() => toBytes(() => 1)).toThrow();
});
