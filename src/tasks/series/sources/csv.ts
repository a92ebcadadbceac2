/**
 * Reads one column of numbers from a text table (comma, semicolon, tab or space between columns; gzip or plain;
 * a header line or none; lines that begin with # are comments). Streams, and stops once it has enough.
 * What cannot be used is a `TaskError` of one line: gaps, text, values that are not finite, ragged lines.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createGunzip } from "node:zlib";
import { TaskError } from "../../error.ts";
import { ColumnReader } from "./csv-line.ts";

export interface SeriesFile {
  readonly values: Float64Array;
  /** The column's name, where the file gives one. */
  readonly column: string | undefined;
  /** The file goes on after the last value. */
  readonly more: boolean;
}

export interface ReadSeriesOptions {
  /** Name of the column, or its number from 0. Needed when there are several. */
  readonly column?: string | number | undefined;
  /** The most values to read; the rest of the file is left. */
  readonly limit?: number;
}

export const DEFAULT_LIMIT = 100_000;
const LONGEST_LINE = 65_536;

export async function readSeries(path: string, options: ReadSeriesOptions = {}): Promise<SeriesFile> {
  const { limit = DEFAULT_LIMIT } = options;
  const reader = new ColumnReader(path, options.column);
  const values = new Values(limit + 1);
  try {
    for await (const line of lines(path)) {
      const value = reader.read(line);
      if (value !== undefined) values.push(value);
      if (values.count > limit) break;
    }
  } catch (error) {
    throw error instanceof TaskError ? error : new TaskError(`${path}: ${reason(error)}`);
  }
  if (values.count === 0)
    throw new TaskError(
      `${path}: expected a column of numbers, got ${reader.header ? "only a header" : "none"}`,
    );
  return {
    values: values.take(Math.min(values.count, limit)),
    column: reader.header,
    more: values.count > limit,
  };
}

/** A growing Float64Array, so that a million values cost eight megabytes. */
class Values {
  count = 0;
  private data: Float64Array;
  constructor(private readonly most: number) {
    this.data = new Float64Array(Math.min(1024, most));
  }
  push(value: number): void {
    if (this.count === this.data.length) {
      const grown = new Float64Array(Math.min(this.most, 2 * this.count));
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.count++] = value;
  }
  take(count: number): Float64Array {
    return this.data.slice(0, count);
  }
}

async function* lines(path: string): AsyncGenerator<string> {
  const stream = await openText(path);
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let first = true;
  try {
    for await (const chunk of stream) {
      rest += decoder.write(chunk as Buffer);
      if (first) rest = rest.replace(/^\uFEFF/, "");
      first = false;
      const parts = rest.split(/\r\n|\n|\r(?!$)/);
      rest = parts.pop()!;
      if (rest.length > LONGEST_LINE)
        throw new TaskError(
          `${path}: expected lines of text, got one of more than ${LONGEST_LINE} characters`,
        );
      yield* parts;
    }
    rest += decoder.end();
    if (rest !== "") yield rest.replace(/\r$/, "");
  } finally {
    stream.destroy();
  }
}

/** The file's bytes, unzipped where it begins with gzip's magic number. */
async function openText(path: string): Promise<Readable> {
  const file = await open(path);
  const magic = Buffer.alloc(2);
  try {
    await file.read(magic, 0, 2, 0);
  } finally {
    await file.close();
  }
  const raw = createReadStream(path);
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return raw;
  const unzipped = createGunzip();
  raw.on("error", (error) => unzipped.destroy(error));
  unzipped.on("close", () => raw.destroy());
  return raw.pipe(unzipped);
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return "expected a file, got a folder";
  if (code === "EACCES" || code === "EPERM") return "not allowed to read this file";
  if (code?.startsWith("Z_")) return `damaged gzip file (${message})`;
  return message.split("\n")[0];
}
