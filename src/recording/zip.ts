/**
 * What is inside a ZIP archive, unpacked one by one into files of its own. APPNOTE.TXT of PKWARE, 4.3,
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT; stored and deflated entries, below 4 GB.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { RecordingError } from "./contract.ts";
import { ByteFile } from "./signals/bytes.ts";

const [END, CENTRAL, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const [STORED, DEFLATED] = [0, 8];
const END_BYTES = 22;
const MOST_COMMENT = 65_535;
const MOST_ENTRIES = 65_535;
/** Arrays of numbers are not deflated further; an archive that claims more would fill the disk. */
const MOST_INFLATED = 64;
const SMALL = 1 << 20;

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  /** Of its local header. */
  readonly offset: number;
}

export function zipEntries(path: string): ZipEntry[] {
  const file = new ByteFile(path);
  const fail = (what: string): never => {
    throw new RecordingError(`${path}: ${what}; not a whole ZIP archive`);
  };
  try {
    const from = Math.max(0, file.length - END_BYTES - MOST_COMMENT);
    const tail = Buffer.from(file.read(from, file.length - from));
    const end = tail.lastIndexOf(Buffer.from(Uint32Array.of(END).buffer));
    if (end < 0 || end + END_BYTES > tail.length) return fail("expected its directory");
    const count = tail.readUInt16LE(end + 10);
    let at = tail.readUInt32LE(end + 16);
    const entries: ZipEntry[] = [];
    for (let i = 0; i < Math.min(count, MOST_ENTRIES); i++) {
      if (at + 46 > file.length) fail(`expected ${count} entries`);
      const head = Buffer.from(file.read(at, 46));
      if (head.readUInt32LE(0) !== CENTRAL) fail(`expected entry ${i + 1} of ${count}`);
      const [name, extra, comment] = [28, 30, 32].map((place) => head.readUInt16LE(place));
      entries.push({
        name: file.read(at + 46, name).toString("utf8"),
        method: head.readUInt16LE(10),
        packed: head.readUInt32LE(20),
        size: head.readUInt32LE(24),
        offset: head.readUInt32LE(42),
      });
      at += 46 + name + extra + comment;
    }
    return entries;
  } finally {
    file.close();
  }
}

/** Writes the entry to `target`; `mostInflated`: how many times larger than packed it can be, where it is no array of numbers. Throws `RecordingError` where it is damaged, or larger than it can be. */
export async function unpack(
  path: string,
  entry: ZipEntry,
  target: string,
  mostInflated = MOST_INFLATED,
): Promise<void> {
  const { name, method, packed, size, offset } = entry;
  const fail = (what: string): never => {
    throw new RecordingError(`${path}: ${name}: ${what}; the archive is damaged`);
  };
  if (method !== STORED && method !== DEFLATED)
    fail(`packed by method ${method}, expected stored or deflated`);
  if (size > mostInflated * packed + SMALL) fail(`claims ${size} bytes from ${packed}`);
  const file = new ByteFile(path);
  const head = Buffer.from(file.read(offset, 30));
  file.close();
  if (head.readUInt32LE(0) !== LOCAL) fail("expected its heading");
  const start = offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  let written = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.length;
      done(written > size ? new Error(`more than ${size} bytes`) : null, chunk);
    },
  });
  const source = createReadStream(path, { start, end: Math.max(start, start + packed - 1) });
  try {
    if (packed > 0)
      await (method === STORED
        ? pipeline(source, count, createWriteStream(target))
        : pipeline(source, createInflateRaw(), count, createWriteStream(target)));
  } catch (error) {
    fail((error as Error).message);
  }
  if (written !== size) fail(`expected ${size} bytes, got ${written}`);
}
