/** Lines of a text file, plain or gzipped, in batches, never the whole file in memory. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { RecordingError } from "./contract.ts";

/** A line longer than this is no line of a spike list. */
const MAX_LINE = 1 << 24;

export async function* lineBatches(path: string): AsyncGenerator<string[]> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const stream = isGzip(path) ? file.pipe(createGunzip()) : file;
  if (stream !== file) file.on("error", (error) => stream.destroy(error));
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of stream) {
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
