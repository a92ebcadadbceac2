/**
 * CL1 data streams: /data_stream/<name> holds one run of MessagePack documents as bytes, and an index with the frame
 * and the place of each. NumPy arrays in them follow msgpack_numpy. https://github.com/msgpack/msgpack/blob/master/spec.md
 */
import { decode, encode } from "@msgpack/msgpack";
import type { Dataset, Group } from "h5wasm/node";
import { RecordingError } from "../contract.ts";
import { guarded } from "../hdf5.ts";
import { type Attribute, readAttributes, writeAttribute } from "./attributes.ts";
import type { PlainDict } from "./pickle.ts";
import { appendRows, readRows } from "./rows.ts";
import { createTable, RowBuffer } from "./table.ts";

const INDEX = [
  ["timestamp", "<q"],
  ["start_index", "<Q"],
  ["end_index", "<Q"],
] as const;
const INDEX_BYTES = 24;
const CHUNK_BYTES = 32_768;
const CHUNK_ROWS = 1024;

export class DataStreamWriter {
  private readonly index: RowBuffer;
  private readonly data: Dataset;
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private end = 0;
  private lastFrame = Number.NEGATIVE_INFINITY;

  constructor(
    parent: Group,
    readonly name: string,
    attributes: PlainDict,
  ) {
    if (!/^[\w.-]+$/.test(name))
      throw new RecordingError(
        `data stream: expected a name of letters, digits, "_", "-" and ".", got "${name}"`,
      );
    const group = guarded(`create /data_stream/${name}`, () => parent.create_group(name));
    writeAttribute(group, "name", name);
    writeAttribute(group, "application", attributes);
    this.index = new RowBuffer(createTable(group, "index", INDEX, CHUNK_ROWS), INDEX_BYTES, CHUNK_ROWS);
    this.data = guarded(`create data of ${name}`, () =>
      group.create_dataset({
        name: "data",
        data: [],
        dtype: "<B",
        shape: [0],
        maxshape: [null],
        chunks: [CHUNK_BYTES],
      }),
    );
  }

  /** Appends one document: anything that MessagePack knows. Frames must ascend strictly, as the CL API demands. */
  append(frame: number, value: unknown): void {
    if (!(Number.isSafeInteger(frame) && frame > this.lastFrame))
      throw new RecordingError(
        `data stream ${this.name}: expected a frame after ${this.lastFrame}, got ${frame}`,
      );
    const bytes = encode(value);
    const start = this.end;
    this.end += bytes.length;
    this.lastFrame = frame;
    this.index.row((view, at) => {
      view.setBigInt64(at, BigInt(frame), true);
      view.setBigUint64(at + 8, BigInt(start), true);
      view.setBigUint64(at + 16, BigInt(this.end), true);
    });
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes >= CHUNK_BYTES) this.flushData();
  }

  flush(): void {
    this.flushData();
    this.index.flush();
  }

  private flushData(): void {
    if (this.pendingBytes === 0) return;
    appendRows(this.data, Buffer.concat(this.pending), this.pendingBytes);
    this.pending = [];
    this.pendingBytes = 0;
  }
}

export interface DataStreamEntry {
  readonly frame: number;
  readonly value: unknown;
}

export interface DataStreamReader {
  readonly name: string;
  readonly attributes: Record<string, Attribute>;
  readonly length: number;
  /** Every document in order, decoded; NumPy arrays as `{ shape, values }`. */
  entries(): Generator<DataStreamEntry>;
}

/** `origin` is taken off the frames. */
export function openDataStream(
  group: Group,
  index: Dataset,
  data: Dataset,
  origin: number,
): DataStreamReader {
  const length = index.shape?.[0] ?? 0;
  const bytes = data.shape?.[0] ?? 0;
  const name = group.path.split("/").at(-1)!;
  return {
    name,
    attributes: readAttributes(group),
    length,
    *entries() {
      for (let from = 0; from < length; from += CHUNK_ROWS) {
        const count = Math.min(CHUNK_ROWS, length - from);
        const view = new DataView(readRows(index, from, count, index.metadata.size).buffer);
        for (let at = 0; at < count * INDEX_BYTES; at += INDEX_BYTES) {
          const [start, end] = [8, 16].map((offset) => Number(view.getBigUint64(at + offset, true)));
          if (!(start! <= end! && end! <= bytes))
            throw new RecordingError(
              `data stream ${name}: the index points at ${start}..${end} of ${bytes} bytes`,
            );
          const document = start === end ? new Uint8Array(0) : readRows(data, start!, end! - start!, 1);
          yield { frame: Number(view.getBigInt64(at, true)) - origin, value: parse(document, name) };
        }
      }
    },
  };
}

function parse(document: Uint8Array, name: string): unknown {
  try {
    return arrays(
      decode(document, { mapKeyConverter: (key) => (key instanceof Uint8Array ? text(key) : String(key)) }),
    );
  } catch (error) {
    throw new RecordingError(`data stream ${name}: not MessagePack (${(error as Error).message})`, {
      cause: error,
    });
  }
}

const text = (bytes: unknown) =>
  bytes instanceof Uint8Array ? new TextDecoder("latin1").decode(bytes) : String(bytes);

const NUMPY: Readonly<Record<string, (buffer: ArrayBuffer) => ArrayLike<number | bigint>>> = {
  "|i1": (b) => new Int8Array(b),
  "|u1": (b) => new Uint8Array(b),
  "|b1": (b) => new Uint8Array(b),
  "<i2": (b) => new Int16Array(b),
  "<u2": (b) => new Uint16Array(b),
  "<i4": (b) => new Int32Array(b),
  "<u4": (b) => new Uint32Array(b),
  "<i8": (b) => new BigInt64Array(b),
  "<u8": (b) => new BigUint64Array(b),
  "<f4": (b) => new Float32Array(b),
  "<f8": (b) => new Float64Array(b),
};

/** Turns msgpack_numpy's `{nd, type, kind, shape, data}` into numbers; of other kinds leaves the map. */
function arrays(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(arrays);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const map = value as Record<string, unknown>;
  const { nd, type, shape, data } = map;
  const read = NUMPY[text(type)];
  if (typeof nd === "boolean" && data instanceof Uint8Array && read) {
    const values = read(Uint8Array.from(data).buffer);
    return nd ? { shape, values } : values[0];
  }
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, arrays(item)]));
}
