/** Parquet (https://parquet.apache.org/docs/file-format/), a row group at a time, by hyparquet. 64-bit numbers come as bigint. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { decompress as zstd } from "fzstd";
import { type Compressors, type FileMetaData, parquetMetadataAsync, parquetRead } from "hyparquet";
import { ByteFile } from "../../recording/signals/bytes.ts";
import { WiringError } from "../contract.ts";
import type { Batch, Table, Value } from "./contract.ts";
import { lz4Block } from "./lz4.ts";
import { checkPages } from "./parquet-pages.ts";
import { snappyBlock } from "./snappy.ts";

/** A page of a table of pairs is not packed more tightly than that; a file that claims more is damaged. */
const MOST_PACKED = 1024;
const MOST_PAGE_BYTES = 1 << 28;
const MOST_FOOTER_BYTES = 1 << 26;

export async function openParquet(path: string): Promise<Table> {
  const file = new ByteFile(path);
  try {
    const metadata = await parsed(path, () => footerOf(file));
    const [root, ...elements] = metadata.schema;
    // Only the columns that hold values themselves: a table of pairs has no nested ones.
    const columns = elements.filter(({ num_children }) => !num_children).map(({ name }) => `${name ?? ""}`);
    if (columns.length !== root.num_children)
      throw new WiringError(`${path}: expected a flat table, got nested columns`);
    checkRows(path, metadata, file.length);
    return { path, columns, batches: (wanted) => groupsOf(path, metadata, wanted) };
  } finally {
    file.close();
  }
}

async function footerOf(file: ByteFile): Promise<FileMetaData> {
  if (file.length < 12)
    throw new WiringError(`${file.path}: a parquet file that is cut short: download it again`);
  const tail = file.read(file.length - 8, 8);
  if (tail.toString("latin1", 4) !== "PAR1")
    throw new WiringError(`${file.path}: a parquet file without its end: it is cut short, download it again`);
  const length = tail.readUInt32LE(0);
  if (length > Math.min(file.length - 12, MOST_FOOTER_BYTES))
    throw new WiringError(
      `${file.path}: its footer claims ${length} bytes of ${file.length}: the file is damaged`,
    );
  return parquetMetadataAsync(bufferOf(file), { initialFetchSize: length + 8 });
}

/** Before anything is allocated: every row takes its part of the file. */
function checkRows(path: string, { num_rows: all, row_groups }: FileMetaData, bytes: number): void {
  const held = row_groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
  if (Number(all) !== held)
    throw new WiringError(`${path}: claims ${all} rows and has groups of ${held}: it is damaged`);
  for (const { num_rows, columns } of row_groups)
    for (const { meta_data } of columns) {
      const packed = Number(meta_data?.total_compressed_size ?? 0);
      const claimed = Math.max(Number(num_rows), Number(meta_data?.num_values ?? 0));
      if (!(packed >= 0 && packed <= bytes) || !(claimed <= MOST_PACKED * packed))
        throw new WiringError(
          `${path}: claims ${claimed} rows in ${packed} bytes of a file of ${bytes}: it is damaged`,
        );
    }
}

async function* groupsOf(
  path: string,
  metadata: FileMetaData,
  wanted: readonly string[],
): AsyncGenerator<Batch> {
  const file = new ByteFile(path);
  try {
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const span = { rowStart, rowEnd };
      await parsed(path, async () => checkChunks(file, group, wanted));
      const columns = await parsed(path, () => columnsOf(file, metadata, { ...span, wanted }));
      if (columns.some(({ length }) => length !== rowEnd - rowStart))
        throw new WiringError(
          `${path}: expected ${rowEnd - rowStart} rows in each column: the file is damaged`,
        );
      if (rowEnd > rowStart) yield { rows: rowEnd - rowStart, columns };
      rowStart = rowEnd;
    }
  } finally {
    file.close();
  }
}

/** Before the library goes through the pages of a row group. */
function checkChunks(
  file: ByteFile,
  { columns }: FileMetaData["row_groups"][number],
  wanted: readonly string[],
): void {
  for (const { meta_data: chunk } of columns) {
    if (!chunk || !wanted.includes(chunk.path_in_schema.at(-1) ?? "")) continue;
    const { dictionary_page_offset, data_page_offset, total_compressed_size } = chunk;
    // As the library finds it: a dictionary at 0 is none.
    const start = Number(dictionary_page_offset || data_page_offset);
    const bytes = Number(total_compressed_size);
    if (!(start >= 0 && start + bytes <= file.length))
      throw new Error(`a column claims bytes ${start} to ${start + bytes} of ${file.length}`);
    checkPages(file.read(start, bytes));
  }
}

interface Span {
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly wanted: readonly string[];
}

async function columnsOf(file: ByteFile, metadata: FileMetaData, { rowStart, rowEnd, wanted }: Span) {
  const parts = new Map<string, ArrayLike<Value>[]>(wanted.map((name) => [name, []]));
  await parquetRead({
    file: bufferOf(file),
    metadata,
    columns: [...parts.keys()],
    compressors,
    rowStart,
    rowEnd,
    onChunk: ({ columnName, columnData }) => parts.get(columnName)?.push(columnData as ArrayLike<Value>),
  });
  return wanted.map((name) => joined(parts.get(name)!));
}

function joined(parts: readonly ArrayLike<Value>[]): ArrayLike<Value> {
  return parts.length === 1 ? parts[0] : parts.flatMap((part) => Array.from(part));
}

function bufferOf(file: ByteFile) {
  return {
    byteLength: file.length,
    slice: (start: number, end = file.length) => {
      const bytes = file.read(start, end - start);
      return new Uint8Array(bytes).buffer;
    },
  };
}

const bounded =
  (unpack: (bytes: Uint8Array, size: number) => Uint8Array) => (bytes: Uint8Array, size: number) => {
    if (!(size <= Math.min(MOST_PAGE_BYTES, MOST_PACKED * (bytes.length + 1))))
      throw new Error(`a page claims ${size} bytes of ${bytes.length}`);
    const unpacked = unpack(bytes, size);
    if (unpacked.length !== size) throw new Error(`a page has ${unpacked.length} bytes, expected ${size}`);
    return unpacked;
  };

const compressors: Compressors = {
  SNAPPY: bounded((bytes, size) => snappyBlock(bytes, new Uint8Array(size))),
  GZIP: bounded((bytes, size) => gunzipSync(bytes, { maxOutputLength: Math.max(1, size) })),
  BROTLI: bounded((bytes, size) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, size) })),
  ZSTD: bounded((bytes, size) => zstd(bytes, new Uint8Array(size))),
  LZ4_RAW: bounded((bytes, size) => lz4Block(bytes, new Uint8Array(size))),
};

/** Whatever the library meets in a damaged file becomes one line. */
async function parsed<T>(path: string, parse: () => Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (error) {
    if (error instanceof WiringError) throw error;
    throw new WiringError(`${path}: no whole parquet file (${(error as Error).message})`, { cause: error });
  }
}
