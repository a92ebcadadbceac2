/**
 * A file that is only ever added to: JSON lines, each with the SHA-256 of the hash before it and of its own entry, to the
 * byte. Whoever changes, takes out or adds a line breaks the chain from there on. A line that a killed process did not
 * finish is no entry; the next process counts its bytes and goes on.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  fsync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { type Entry, entrySchema } from "./entries.ts";

/** Books that are not what was written. */
export class BooksBroken extends Error {
  override readonly name = "BooksBroken";
}

const HASH = /^[0-9a-f]{64}$/;
const PREFIX = `{"hash":"`;
const BETWEEN = `","entry":`;
const HASH_END = PREFIX.length + 64;
const ENTRY_AT = HASH_END + BETWEEN.length;

/** No file of books grows beyond this: `FILE_BYTES`, and the entry that passes it. */
const MOST_BYTES = 32_000_000;
/** A file this long is full. */
export const FILE_BYTES = 4_000_000;

/** The first entry of a file lies in these. */
const FIRST_BYTES = 1_000_000;

/** Before the first entry of all. */
export const GENESIS = createHash("sha256").update("wetgrad ledger 1").digest("hex");

export function hashOf(before: string, entryText: string): string {
  return createHash("sha256").update(before).update(entryText).digest("hex");
}

/** The files of a folder of books, in order. */
export function chainFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{6}\.jsonl$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

export function chainFile(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(6, "0")}.jsonl`);
}

export interface ReadChain {
  readonly entries: readonly Entry[];
  /** The hash that the file goes on from, and its last; both "" where not even its first line was finished. */
  readonly before: string;
  readonly last: string;
  /** Bytes of a line without an end. */
  readonly torn: number;
}

/** Reads a file; throws `BooksBroken` at the first line that does not follow from the one before. */
export function readChain(path: string): ReadChain {
  const { size } = statSync(path);
  if (size > MOST_BYTES)
    throw new BooksBroken(
      `${path}: expected at most ${MOST_BYTES} bytes, got ${size}; it is not what was written`,
    );
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n");
  const torn = Buffer.byteLength(lines.pop() as string);
  const broken = (i: number, why: string) =>
    new BooksBroken(`${path}, line ${i + 1}: ${why}; the books were changed after they were written`);
  const head = lines.shift();
  if (head === undefined) return { entries: [], before: "", last: "", torn };
  const before = /^\{"after":"([0-9a-f]{64})"\}$/.exec(head)?.[1];
  if (before === undefined) throw broken(0, "expected the hash of the file before");
  let last = before;
  const entries = lines.map((line, i) => {
    const hash = line.slice(PREFIX.length, HASH_END);
    const entryText = line.slice(ENTRY_AT, -1);
    const isLine =
      line.startsWith(PREFIX) && line.startsWith(BETWEEN, HASH_END) && line.endsWith("}") && HASH.test(hash);
    if (!isLine || hashOf(last, entryText) !== hash) throw broken(i + 1, "its hash does not follow");
    last = hash;
    return entryOf(entryText) ?? raise(broken(i + 1, "it is no entry of this version"));
  });
  return { entries, before, last, torn };
}

/** The entries at the beginning of a file, as far as they lie in its first bytes; unchecked. */
export function firstEntries(path: string): Entry[] {
  const bytes = Buffer.alloc(FIRST_BYTES);
  const file = openSync(path, "r");
  try {
    const lines = bytes.toString("utf8", 0, readSync(file, bytes)).split("\n").slice(1, -1);
    return lines.flatMap((line) => entryOf(line.slice(ENTRY_AT, -1)) ?? []);
  } finally {
    closeSync(file);
  }
}

function raise(error: Error): never {
  throw error;
}

function entryOf(text: string): Entry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Adds to one file. */
export class ChainWriter {
  private readonly file: number;
  private isWhole = true;
  bytes = 0;

  /** Begins a new file after the hash `last`. */
  constructor(
    path: string,
    private last: string,
  ) {
    this.file = openSync(path, "ax", 0o600);
    this.write(`{"after":"${last}"}\n`);
  }

  get lastHash(): string {
    return this.last;
  }

  /**
   * In the hands of the kernel when it returns: a killed process loses nothing. Throws where the disk takes no more, and
   * once it is closed.
   */
  add(entry: Entry): void {
    if (!this.isWhole)
      throw new BooksBroken(
        "the books are closed, or a line of them could not be finished; open the device again",
      );
    const text = JSON.stringify(entry);
    const hash = hashOf(this.last, text);
    this.write(`${PREFIX}${hash}${BETWEEN}${text}}\n`);
    this.last = hash;
  }

  /** Makes what was added survive a loss of power, soon; nobody waits for it. */
  sync(): void {
    fsync(this.file, () => {});
  }

  close(): void {
    this.isWhole = false;
    closeSync(this.file);
  }

  private write(text: string): void {
    const bytes = Buffer.from(text);
    this.isWhole = false;
    for (let written = 0; written < bytes.length; ) written += writeSync(this.file, bytes, written);
    this.isWhole = true;
    this.bytes += bytes.length;
  }
}
