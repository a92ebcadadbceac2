/**
 * Plain data as bytes, the same bytes for the same data: MessagePack (https://msgpack.org) with every number as a float64, so that
 * neither how a number was made nor where a row lay in memory leaves a trace. V8's own serialisation has such traces: a 1 that was
 * computed and a 1 that was read back differ in it.
 *
 * Typed arrays and maps come back as what they were; keys keep their order, and those of `undefined` are left out. Anything else is
 * refused.
 */
import { decode, ExtensionCodec, encode } from "@msgpack/msgpack";

/** By their number in the file: append only. */
const ARRAYS = [
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
] as const;
const MAP = 100;

const codec = new ExtensionCodec();
ARRAYS.forEach((Kind, type) => {
  codec.register({
    type,
    encode: (value) =>
      value instanceof Kind ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null,
    // A copy of its own: aligned, and no view of the whole file.
    decode: (bytes) => new Kind(new Uint8Array(bytes).buffer),
  });
});
codec.register({
  type: MAP,
  encode(value) {
    if (value instanceof Map) return toBytes([...value]);
    const made = Object.getPrototypeOf(value) as unknown;
    if (Array.isArray(value) || made === Object.prototype || made === null) return null;
    throw new TypeError(
      `stage: expected plain data, typed arrays and maps, got ${Object.prototype.toString.call(value)}`,
    );
  },
  decode: (bytes) => new Map(fromBytes(bytes) as [unknown, unknown][]),
});

export function toBytes(value: unknown): Uint8Array {
  return encode(value, { extensionCodec: codec, forceIntegerToFloat: true, ignoreUndefined: true });
}

export function fromBytes(bytes: Uint8Array): unknown {
  return decode(bytes, { extensionCodec: codec });
}
