/** The samples of one XDF chunk: each with a time of the stream's clock or none, and its values. */
import { RecordingError } from "../../contract.ts";
import type { ByteFile } from "../bytes.ts";
import { readLength, XDF_BYTES, type XdfChunk, type XdfStream } from "./streams.ts";

export interface XdfSample {
  readonly time: number | undefined;
  /** Empty for texts, or where not asked for; valid until the next sample. */
  readonly values: Float64Array;
  readonly text: readonly string[] | undefined;
}

export function* xdfSamples(
  file: ByteFile,
  { type, channels }: XdfStream,
  { from, to }: XdfChunk,
  wanted: { readonly values: boolean } = { values: true },
): Generator<XdfSample> {
  const fail = (): never => {
    throw new RecordingError(`${file.path}: a chunk of samples at byte ${from} is damaged`);
  };
  const count = readLength(file, from) ?? fail();
  const bytes = XDF_BYTES[type];
  const values = new Float64Array(type === "string" || !wanted.values ? 0 : channels);
  let at = from + count.bytes;
  for (let sample = 0; sample < count.value; sample++) {
    if (at + 1 > to) fail();
    const stamped = file.read(at, 1)[0];
    if (stamped !== 0 && stamped !== 8) fail();
    if (at + 1 + stamped > to) fail();
    const time = stamped === 8 ? file.read(at + 1, 8).readDoubleLE(0) : undefined;
    at += 1 + stamped;
    let text: string[] | undefined;
    if (type === "string") {
      text = [];
      for (let channel = 0; channel < channels; channel++) {
        const length = readLength(file, at) ?? fail();
        if (at + length.bytes + length.value > to) fail();
        text.push(file.read(at + length.bytes, length.value).toString("utf8"));
        at += length.bytes + length.value;
      }
    } else {
      if (at + bytes * channels > to) fail();
      if (wanted.values) {
        const row = file.read(at, bytes * channels);
        for (let channel = 0; channel < channels; channel++)
          values[channel] = valueAt(row, type, channel * bytes);
      }
      at += bytes * channels;
    }
    yield { time, values, text };
  }
}

function valueAt(row: Buffer, type: XdfStream["type"], at: number): number {
  switch (type) {
    case "float32":
      return row.readFloatLE(at);
    case "double64":
      return row.readDoubleLE(at);
    case "int8":
      return row.readInt8(at);
    case "int16":
      return row.readInt16LE(at);
    case "int32":
      return row.readInt32LE(at);
    case "int64":
      return Number(row.readBigInt64LE(at));
    default:
      return Number.NaN;
  }
}
