/**
 * NumPy's .npy files of numbers, read in blocks. "NEP 1: A simple file format for NumPy arrays",
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { RecordingError } from "./contract.ts";
import { ByteFile } from "./signals/bytes.ts";

const MAGIC = "\x93NUMPY";
const BLOCK = 1 << 14;

export class NpyFile {
  /** Elements of all dimensions together. */
  readonly length: number;
  readonly shape: readonly number[];
  private readonly start: number;
  private readonly type: ElementType;

  private constructor(private readonly file: ByteFile) {
    const fail = (what: string): never => {
      throw new RecordingError(`${file.path}: ${what}; not a whole .npy file`);
    };
    const head = file.length >= 12 ? file.read(0, 12) : fail("expected a heading");
    if (head.toString("latin1", 0, 6) !== MAGIC) fail("expected the mark of NumPy");
    const long = head[6] >= 2;
    const length = long ? head.readUInt32LE(8) : head.readUInt16LE(8);
    this.start = (long ? 12 : 10) + length;
    if (length > 65_536 || this.start > file.length) fail(`expected a heading of ${length} bytes`);
    const text = file.read(long ? 12 : 10, length).toString("latin1");
    const [, descr = ""] = /'descr':\s*'([^']+)'/.exec(text) ?? [];
    const [, shape = "?"] = /'shape':\s*\(([^)]*)\)/.exec(text) ?? [];
    this.shape = shape.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)]));
    this.type =
      elementType(descr) ??
      fail(`expected integers or floats, got elements of ${JSON.stringify(descr || text.slice(0, 60))}`);
    this.length = this.shape.reduce((a, b) => a * b, 1);
    if (!this.shape.every((size) => Number.isInteger(size) && size >= 0))
      fail(`expected a shape, got (${shape})`);
    if (this.start + this.length * this.type.bytes > file.length)
      fail(`expected ${this.length} elements of ${this.type.bytes} bytes, the file has ${file.length} bytes`);
  }

  static open(path: string): NpyFile {
    const file = new ByteFile(path);
    try {
      return new NpyFile(file);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  *blocks(): Generator<Float64Array> {
    const { bytes, read } = this.type;
    for (let from = 0; from < this.length; from += BLOCK) {
      const count = Math.min(BLOCK, this.length - from);
      const buffer = this.file.read(this.start + from * bytes, count * bytes);
      yield Float64Array.from({ length: count }, (_, i) => read(buffer, i * bytes));
    }
  }

  close(): void {
    this.file.close();
  }
}

interface ElementType {
  readonly bytes: number;
  read(buffer: Buffer, at: number): number;
}

function elementType(descr: string): ElementType | undefined {
  const [, order = "", kind = "", digits = ""] = /^([<>|=])([iufb])(\d)$/.exec(descr) ?? [];
  const bytes = Number(digits);
  if (order === "" || (order === ">" && bytes > 1)) return undefined;
  if (kind === "f")
    return bytes === 8
      ? { bytes, read: (buffer, at) => buffer.readDoubleLE(at) }
      : bytes === 4
        ? { bytes, read: (buffer, at) => buffer.readFloatLE(at) }
        : undefined;
  if (bytes === 8)
    return kind === "i"
      ? { bytes, read: (buffer, at) => Number(buffer.readBigInt64LE(at)) }
      : { bytes, read: (buffer, at) => Number(buffer.readBigUInt64LE(at)) };
  if (bytes !== 1 && bytes !== 2 && bytes !== 4) return undefined;
  return kind === "i"
    ? { bytes, read: (buffer, at) => buffer.readIntLE(at, bytes) }
    : { bytes, read: (buffer, at) => buffer.readUIntLE(at, bytes) };
}

/** Arrays of one length side by side, in blocks. Throws `RecordingError` where their lengths differ. */
export function* sideBySide(files: readonly NpyFile[], name: string): Generator<Float64Array[]> {
  if (new Set(files.map(({ length }) => length)).size > 1)
    throw new RecordingError(
      `${name}: expected arrays of one length, got ${files.map(({ length }) => length).join(" and ")}`,
    );
  const streams = files.map((file) => file.blocks());
  for (;;) {
    const blocks = streams.map((stream) => stream.next());
    const values = blocks.flatMap((block) => (block.done ? [] : [block.value]));
    if (values.length < files.length) return;
    yield values;
  }
}
