/** Lines of a text file, plain or gzipped, in batches, never the whole file in memory. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { RecordingError } from "../contract.ts";

/** Read at a time: the lines of one are garbage before many of the next are there. */
const CHUNK = 1 << 16;
/** A line longer than this is no line of a spike list. */
const MAX_LINE = 1 << 24;

export async function* lineBatches(path: string): AsyncGenerator<string[]> {
  const file = createReadStream(path, { highWaterMark: CHUNK });
  const stream = isGzip(path) ? file.pipe(createGunzip()) : file;
  if (stream !== file) file.on("error", (error) => stream.destroy(error));
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let rest = "";
  try {
    for await (const chunk of stream) {
      decoder ??= new TextDecoder(encodingOf(chunk as Buffer));
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop()!;
      if (rest.length > MAX_LINE) throw new RecordingError(`${path}: not text with lines`);
      yield lines;
    }
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`${path}: cannot be read (${(error as Error).message})`, { cause: error });
  } finally {
    file.destroy();
  }
  rest = rest.replace(/\r$/, "");
  if (rest !== "") yield [rest];
}

/** UTF-16 is what spreadsheets call "Unicode text"; it is known by its byte order mark, or by zeros beside the letters. */
function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const zeros = (from: number) => [0, 2, 4, 6].every((i) => head.length > 8 && head[from + i] === 0);
  if (zeros(1) && !zeros(0)) return "utf-16le";
  return zeros(0) && !zeros(1) ? "utf-16be" : "utf-8";
}

/** The first lines that are not empty, at most `count`. */
export async function firstLines(path: string, count: number): Promise<string[]> {
  const found: string[] = [];
  for await (const lines of lineBatches(path)) {
    for (const line of lines) if (line.trim() !== "" && found.push(line) === count) return found;
  }
  return found;
}

function isGzip(path: string): boolean {
  const head = new Uint8Array(2);
  const file = openSync(path, "r");
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** Splits a row at commas, semicolons, tabs or spaces, and strips quotes. */
export function fields(line: string, separator: string | RegExp): string[] {
  return line.split(separator).map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
}
