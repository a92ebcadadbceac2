/**
 * Feather, which is Arrow's IPC file format (https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format), a record batch
 * at a time: the messages of the file are found here and read by flechette. 64-bit numbers come as bigint.
 */
import { CompressionType, setCompressionCodec, tableFromIPC } from "@uwdata/flechette";
import { decompress as zstd } from "fzstd";
import { ByteFile } from "../../recording/signals/bytes.ts";
import { WiringError } from "../contract.ts";
import type { Batch, Table, Value } from "./contract.ts";
import { lz4Frame } from "./lz4.ts";

/** A file that claims more values for its bytes is damaged. */
const MOST_PACKED = 1024;
const MOST_BUFFER_BYTES = 1 << 28;
/** "ARROW1" and two bytes of padding. */
const HEAD_BYTES = 8;
const CONTINUATION = 0xffffffff;
const [SCHEMA, DICTIONARY, RECORDS] = [1, 2, 3];

const unpacks = (unpack: (bytes: Uint8Array, most: number) => Uint8Array) => ({
  decode: (bytes: Uint8Array) => unpack(bytes, Math.min(MOST_BUFFER_BYTES, MOST_PACKED * (bytes.length + 1))),
  encode: (): Uint8Array => {
    throw new Error("feather: only read here");
  },
});
setCompressionCodec(CompressionType.LZ4_FRAME, unpacks(lz4Frame));
setCompressionCodec(CompressionType.ZSTD, unpacks(zstdBounded));

export async function openFeather(path: string): Promise<Table> {
  const file = new ByteFile(path);
  try {
    const first = messages(file).next().value;
    if (first?.kind !== SCHEMA)
      throw new WiringError(`${path}: expected a schema first: the file is damaged`);
    const columns = parsed(path, () =>
      tableFromIPC([first.bytes()]).schema.fields.map(({ name }) => `${name ?? ""}`),
    );
    return { path, columns, batches: (wanted) => batchesOf(path, columns, wanted) };
  } finally {
    file.close();
  }
}

async function* batchesOf(
  path: string,
  columns: readonly string[],
  wanted: readonly string[],
): AsyncGenerator<Batch> {
  const file = new ByteFile(path);
  const places = wanted.map((name) => columns.indexOf(name));
  const before: Uint8Array[] = [];
  try {
    for (const { kind, bytes } of messages(file)) {
      if (kind === SCHEMA || kind === DICTIONARY) before.push(bytes());
      if (kind !== RECORDS) continue;
      const message = bytes();
      const batch = parsed(path, () => columnsOf([...before, message], places, message.length));
      if (batch.rows > 0) yield batch;
    }
  } finally {
    file.close();
  }
}

function columnsOf(parts: Uint8Array[], places: readonly number[], bytes: number): Batch {
  const table = tableFromIPC(parts, { useBigInt: true });
  const rows = table.numRows;
  if (!(rows >= 0 && rows <= MOST_PACKED * bytes)) throw new Error(`claims ${rows} rows in ${bytes} bytes`);
  const columns = places.map((place) => table.getChildAt(place).toArray() as ArrayLike<Value>);
  if (columns.some(({ length }) => length !== rows)) throw new Error(`expected ${rows} rows in each column`);
  return { rows, columns };
}

interface Message {
  readonly kind: number;
  bytes(): Uint8Array;
}

/** The encapsulated messages of the file, up to the marker of their end. */
function* messages(file: ByteFile): Generator<Message, void> {
  const fail = (what: string): never => {
    throw new WiringError(`${file.path}: ${what}: the file is cut short or damaged, download it again`);
  };
  for (let at = HEAD_BYTES; ; ) {
    if (at + 8 > file.length) fail("a feather file without its end");
    const head = file.read(at, 8);
    const isLong = head.readUInt32LE(0) === CONTINUATION;
    const size = head.readUInt32LE(isLong ? 4 : 0);
    const start = at + (isLong ? 8 : 4);
    if (size === 0) return;
    if (start + size > file.length) fail(`a message claims ${size} bytes`);
    const { kind, bodyBytes } = headingOf(file.read(start, size));
    const end = start + size + bodyBytes;
    if (!(bodyBytes >= 0 && end <= file.length)) fail(`a batch claims ${bodyBytes} bytes`);
    const from = at;
    yield { kind, bytes: () => new Uint8Array(file.read(from, end - from)) };
    at = end;
  }
}

/** Kind and length of the body, from the flatbuffer `Message` (fields 1 and 3). */
function headingOf(bytes: Buffer): { kind: number; bodyBytes: number } {
  try {
    const table = bytes.readUInt32LE(0);
    const fields = table - bytes.readInt32LE(table);
    const room = bytes.readUInt16LE(fields);
    const place = (field: number) => (4 + 2 * field < room ? bytes.readUInt16LE(fields + 4 + 2 * field) : 0);
    const [kind, body] = [place(1), place(3)];
    return {
      kind: kind === 0 ? 0 : bytes.readUInt8(table + kind),
      bodyBytes: body === 0 ? 0 : Number(bytes.readBigInt64LE(table + body)),
    };
  } catch {
    return { kind: 0, bodyBytes: Number.NaN };
  }
}

function zstdBounded(bytes: Uint8Array, most: number): Uint8Array {
  const out = zstd(bytes);
  if (out.length > most) throw new Error(`a buffer of ${bytes.length} bytes holds ${out.length}`);
  return out;
}

/** Whatever the library meets in a damaged file becomes one line. */
function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof WiringError) throw error;
    throw new WiringError(`${path}: no whole feather file (${(error as Error).message})`, { cause: error });
  }
}
