/** A file read in pieces, by offset. */
import { closeSync, fstatSync, openSync, readSync, rmSync } from "node:fs";
import { RecordingError } from "../contract.ts";

const PAGE = 1 << 16;
/** A line longer than this is no line. */
const MAX_LINE = 1 << 16;

export class ByteFile {
  readonly length: number;
  private readonly handle: number;
  private page: Buffer = Buffer.alloc(0);
  private pageStart = 0;
  private open = true;

  /** A `temporary` file goes when it is closed. */
  constructor(
    readonly path: string,
    private readonly temporary = false,
  ) {
    this.handle = openSync(path, "r");
    this.length = fstatSync(this.handle).size;
  }

  /** Bytes `offset .. offset + length`; throws where the file ends before. */
  read(offset: number, length: number): Buffer {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.length))
      throw new RecordingError(
        `${this.path}: ends at byte ${this.length}, expected ${length} bytes at ${offset}; the file is damaged`,
      );
    if (offset >= this.pageStart && offset + length <= this.pageStart + this.page.length)
      return this.page.subarray(offset - this.pageStart, offset - this.pageStart + length);
    if (length >= PAGE) return this.fill(Buffer.allocUnsafe(length), offset);
    this.page = this.fill(Buffer.allocUnsafe(Math.min(PAGE, this.length - offset)), offset);
    this.pageStart = offset;
    return this.page.subarray(0, length);
  }

  /** Lines from `offset` on, each with the offset it begins at. */
  *lines(offset = 0): Generator<{ readonly at: number; readonly text: string }> {
    let rest = "";
    let at = offset;
    for (let from = offset; from < this.length; from += PAGE) {
      const length = Math.min(PAGE, this.length - from);
      const parts = (rest + this.fill(Buffer.allocUnsafe(length), from).toString("latin1")).split("\n");
      rest = parts.pop()!;
      for (const text of parts) {
        yield { at, text: text.replace(/\r$/, "") };
        at += text.length + 1;
      }
      if (rest.length > MAX_LINE) throw new RecordingError(`${this.path}: not text with lines`);
    }
    if (rest !== "") yield { at, text: rest.replace(/\r$/, "") };
  }

  /** May be called again. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.handle);
    if (this.temporary) rmSync(this.path, { force: true });
  }

  private fill(buffer: Buffer, offset: number): Buffer {
    for (let filled = 0; filled < buffer.length; ) {
      const got = readSync(this.handle, buffer, filled, buffer.length - filled, offset + filled);
      if (got === 0) throw new RecordingError(`${this.path}: became shorter while it was read`);
      filled += got;
    }
    return buffer;
  }
}
