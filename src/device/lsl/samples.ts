/**
 * Samples as the Lab Streaming Layer's protocol 1.10 sends them: u8 tag (1: the time is to be deduced; 2: f64
 * seconds follow), then a value per channel in the stream's format; strings with a length of 1, 2, 4 or 8 bytes
 * before them. A feed begins with two samples of a known pattern. https://github.com/sccn/liblsl (sample)
 */
import { PacketFault } from "../lost.ts";
import type { Format, StreamInfo } from "./stream-info.ts";

export type Value = number | string;

export interface Sample {
  /** Of the sender's clock; undefined: one sampling interval after the last. */
  readonly timeS?: number;
  readonly values: readonly Value[];
}

type Shape = Pick<StreamInfo, "channels" | "format">;

const DEDUCED = 1;
const TIMED = 2;
export const SIZES: Readonly<Record<Format, number>> = {
  float32: 4,
  double64: 8,
  string: 0,
  int32: 4,
  int16: 2,
  int8: 1,
  int64: 8,
};
const MAX_STRING_BYTES = 1 << 20;
const PATTERN_TIME_S = 123_456.789;
/** What the pattern of each format begins at, and below what its values stay. */
const PATTERN: Readonly<Record<Exclude<Format, "string">, readonly [number, number]>> = {
  float32: [0, Number.POSITIVE_INFINITY],
  double64: [16_777_217, Number.POSITIVE_INFINITY],
  int32: [65_537, 2 ** 31 - 1],
  int16: [257, 2 ** 15 - 1],
  int8: [1, 2 ** 7 - 1],
  int64: [2_147_483_649, Number.POSITIVE_INFINITY],
};

/** The samples that a feed begins with: `offset` 4, then 2. */
export function testPattern({ channels, format }: Shape, offset: 4 | 2): Sample {
  const values = Array.from({ length: channels }, (_, k): Value => {
    const sign = k % 2 === 0 ? 1 : -1;
    if (format === "string") return `${sign * (k + 10)}`;
    const [begin, below] = PATTERN[format];
    const value = k + offset + begin;
    return sign * (below === Number.POSITIVE_INFINITY ? value : value % below);
  });
  return { timeS: PATTERN_TIME_S, values };
}

export function encodeSample({ timeS, values }: Sample, format: Format): Uint8Array {
  const head = Buffer.alloc(timeS === undefined ? 1 : 9);
  head[0] = timeS === undefined ? DEDUCED : TIMED;
  if (timeS !== undefined) head.writeDoubleLE(timeS, 1);
  return Buffer.concat([head, ...values.map((value) => encodeValue(value, format))]);
}

function encodeValue(value: Value, format: Format): Buffer {
  if (format === "string") {
    const text = Buffer.from(`${value}`);
    const long = text.length > 255;
    const head = Buffer.alloc(long ? 5 : 2);
    head[0] = long ? 4 : 1;
    if (long) head.writeUInt32LE(text.length, 1);
    else head[1] = text.length;
    return Buffer.concat([head, text]);
  }
  const bytes = Buffer.alloc(SIZES[format]);
  const number = Number(value);
  if (format === "float32") bytes.writeFloatLE(number, 0);
  else if (format === "double64") bytes.writeDoubleLE(number, 0);
  else if (format === "int32") bytes.writeInt32LE(number, 0);
  else if (format === "int16") bytes.writeInt16LE(number, 0);
  else if (format === "int8") bytes.writeInt8(number, 0);
  else bytes.writeBigInt64LE(BigInt(number), 0);
  return bytes;
}

/** Puts samples together from whatever pieces the network hands over. */
export class SampleReader {
  private pending: Buffer = Buffer.alloc(0);

  constructor(
    private readonly shape: Shape,
    private readonly littleEndian = true,
  ) {}

  *feed(bytes: Uint8Array): Generator<Sample> {
    this.pending = this.pending.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.pending, bytes]);
    let at = 0;
    for (let read = this.read(at); read !== undefined; read = this.read(at)) {
      at = read.next;
      yield read.sample;
    }
    this.pending = this.pending.subarray(at);
  }

  /** The sample at a place; undefined while it is not whole. */
  private read(at: number): { sample: Sample; next: number } | undefined {
    const { pending, littleEndian } = this;
    const { channels, format } = this.shape;
    const view = new DataView(pending.buffer, pending.byteOffset, pending.length);
    if (at >= pending.length) return undefined;
    const tag = pending[at];
    if (tag !== DEDUCED && tag !== TIMED) throw new PacketFault(`expected a sample's tag 1 or 2, got ${tag}`);
    let next = at + (tag === TIMED ? 9 : 1);
    const size = SIZES[format];
    if (pending.length < next + (format === "string" ? 2 : size) * channels) return undefined;
    const time = tag === TIMED ? { timeS: view.getFloat64(at + 1, littleEndian) } : {};
    if (time.timeS !== undefined && !Number.isFinite(time.timeS))
      throw new PacketFault(`expected a sample's time in seconds, got ${time.timeS}`);
    const values: Value[] = [];
    for (let channel = 0; channel < channels; channel++) {
      if (format === "string") {
        const text = this.text(view, next);
        if (text === undefined) return undefined;
        values.push(text.value);
        next = text.next;
      } else {
        values.push(numberAt(view, next, format, littleEndian));
        next += size;
      }
    }
    return { sample: { ...time, values }, next };
  }

  private text(view: DataView, at: number): { value: string; next: number } | undefined {
    if (at >= view.byteLength) return undefined;
    const width = view.getUint8(at);
    if (![1, 2, 4, 8].includes(width))
      throw new PacketFault(`expected the length of a string in 1, 2, 4 or 8 bytes, got ${width}`);
    if (at + 1 + width > view.byteLength) return undefined;
    const { littleEndian } = this;
    const length =
      width === 1
        ? view.getUint8(at + 1)
        : width === 2
          ? view.getUint16(at + 1, littleEndian)
          : width === 4
            ? view.getUint32(at + 1, littleEndian)
            : Number(view.getBigUint64(at + 1, littleEndian));
    if (length > MAX_STRING_BYTES) throw new PacketFault(`a string of ${length} bytes is too long`);
    const next = at + 1 + width + length;
    if (next > view.byteLength) return undefined;
    return { value: this.pending.toString("utf8", at + 1 + width, next), next };
  }
}

function numberAt(view: DataView, at: number, format: Exclude<Format, "string">, little: boolean): number {
  switch (format) {
    case "float32":
      return view.getFloat32(at, little);
    case "double64":
      return view.getFloat64(at, little);
    case "int32":
      return view.getInt32(at, little);
    case "int16":
      return view.getInt16(at, little);
    case "int8":
      return view.getInt8(at);
    case "int64":
      return Number(view.getBigInt64(at, little));
  }
}
