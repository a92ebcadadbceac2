/**
 * One growing HDF5 dataset. Rows are gathered until a chunk is full and written once, whole: HDF5 then never
 * rewrites a compressed chunk, the file has no holes, and its bytes depend on the rows alone and not on how they
 * were handed over.
 */
import { type Dataset, type Group, Module } from "h5wasm/node";
import { RecordingError } from "../contract.ts";
import { guarded } from "../hdf5.ts";

/** Element types of a growing column; `text` is fixed-length ASCII, the only text that HDF5 can append here. */
export type ColumnType = "f64" | "f32" | "i32" | "u32" | "i16" | "text";

/** Longest text in a `text` column that names no width; one more byte ends it. */
export const TEXT_LENGTH = 31;

const DTYPE = { f64: "<d", f32: "<f", i32: "<i", u32: "<I", i16: "<h" } as const;
const ARRAY = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  i16: Int16Array,
} as const;

export interface ColumnOptions {
  readonly type: ColumnType;
  /** Values per row; a second dimension where more than 1. Of text, the most characters. */
  readonly width?: number;
  readonly chunkRows?: number;
  /** Default true; samples that must be written fast are not. */
  readonly compress?: boolean;
}

export class Column {
  readonly dataset: Dataset;
  private rowsWritten = 0;
  private filled = 0;
  /** One chunk of values; of text, its bytes. */
  private readonly chunk: Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint8Array;
  private readonly perRow: number;
  private readonly shapeOfRow: number[];
  private readonly encoded = new Map<string, Uint8Array>();

  constructor(group: Group, name: string, options: ColumnOptions) {
    const { type, chunkRows = 1024, compress = true } = options;
    const isText = type === "text";
    const { width = isText ? TEXT_LENGTH : 1 } = options;
    this.shapeOfRow = width > 1 && !isText ? [width] : [];
    this.perRow = isText ? width + 1 : width;
    this.chunk = isText ? new Uint8Array(chunkRows * this.perRow) : new ARRAY[type](chunkRows * width);
    this.dataset = guarded(`create ${group.path}/${name}`, () =>
      group.create_dataset({
        name,
        data: [],
        dtype: isText ? `A${this.perRow}` : DTYPE[type],
        shape: [0, ...this.shapeOfRow],
        maxshape: [null, ...this.shapeOfRow],
        chunks: [chunkRows, ...this.shapeOfRow],
        ...(compress ? { compression: "gzip" as const, compression_opts: 1 } : {}),
      }),
    );
  }

  /** Rows appended so far. */
  get rows(): number {
    return this.rowsWritten + this.filled / this.perRow;
  }

  appendText(text: string): void {
    let bytes = this.encoded.get(text);
    if (!bytes) {
      const longest = this.perRow - 1;
      if (text.length > longest || !/^[\x20-\x7e]*$/.test(text))
        throw new RecordingError(
          `${this.dataset.path}: expected at most ${longest} ASCII characters, got "${text}"`,
        );
      bytes = new Uint8Array(this.perRow);
      new TextEncoder().encodeInto(text, bytes);
      this.encoded.set(text, bytes);
    }
    this.chunk.set(bytes, this.filled);
    this.advance(bytes.length);
  }

  append(value: number): void {
    this.chunk[this.filled] = value;
    this.advance(1);
  }

  appendAll(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.append(values[i]);
  }

  /** Whole rows at once, of the column's own type. */
  appendBlock(values: Int16Array): void {
    if (!(this.chunk instanceof Int16Array))
      throw new RecordingError(`${this.dataset.path}: expected a column of int16 for a block of them`);
    for (let at = 0; at < values.length; ) {
      const part = values.subarray(at, at + this.chunk.length - this.filled);
      this.chunk.set(part, this.filled);
      at += part.length;
      this.advance(part.length);
    }
  }

  private advance(values: number): void {
    this.filled += values;
    if (this.filled === this.chunk.length) this.flush();
  }

  /** Writes what is pending; only the last flush, at close, may write a part of a chunk. */
  flush(): void {
    if (this.filled === 0) return;
    const rows = this.filled / this.perRow;
    const from = this.rowsWritten;
    const values = this.chunk.subarray(0, this.filled);
    guarded(`append to ${this.dataset.path}`, () => {
      this.dataset.resize([from + rows, ...this.shapeOfRow]);
      writeRows(this.dataset, from, [rows, ...this.shapeOfRow], values);
    });
    this.rowsWritten += rows;
    this.filled = 0;
  }
}

/** Any text as a column of text takes it. */
export function plainText(text: string, longest = TEXT_LENGTH): string {
  return text
    .replace(/µ|μ/g, "u")
    .replace(/[‘’]/g, "'")
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, longest);
}

/** `Dataset.write_slice` without its conversions: `values` are already the dataset's bytes. */
function writeRows(dataset: Dataset, from: number, count: number[], values: ArrayBufferView): void {
  const pointer = Module._malloc(values.byteLength);
  if (pointer === 0) throw new RecordingError(`no memory for ${values.byteLength} bytes`);
  try {
    Module.HEAPU8.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), pointer);
    Module.set_dataset_data(
      dataset.file_id,
      dataset.path,
      count.map(BigInt),
      count.map((_, dimension) => (dimension === 0 ? BigInt(from) : 0n)),
      count.map(() => 1n),
      BigInt(pointer),
    );
  } finally {
    Module._free(pointer);
  }
}
