/**
 * Data elements of MATLAB level 5 MAT-files: a tag of type and size, then the data, padded to 8 bytes; small elements
 * have both in 8 bytes. "MAT-File Format" (MathWorks 2019), chapter 1, tables 1-1 to 1-3,
 * https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
 */
import { RecordingError } from "../../contract.ts";
import type { ByteFile } from "../bytes.ts";

export const TYPE = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  int64: 12,
  uint64: 13,
  matrix: 14,
  compressed: 15,
  utf8: 16,
  utf16: 17,
  utf32: 18,
} as const;

const WIDTH: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 2,
  5: 4,
  6: 4,
  7: 4,
  9: 8,
  12: 8,
  13: 8,
  16: 1,
  17: 2,
  18: 4,
};

/** Bytes of a MAT-file, and their order. */
export interface MatBytes {
  readonly file: ByteFile;
  readonly littleEndian: boolean;
}

export interface Element {
  readonly type: number;
  /** Where the data begins, and how many bytes it has. */
  readonly at: number;
  readonly bytes: number;
  /** Where the next element begins. */
  readonly next: number;
}

/** The element at `offset`, which must end by `limit`. */
export function elementAt({ file, littleEndian }: MatBytes, offset: number, limit: number): Element {
  const fail = (what: string): never => {
    throw new RecordingError(`${file.path}: ${what} at byte ${offset}; the MAT-file is damaged`);
  };
  if (offset + 8 > limit) fail("expected a data element, got the end");
  const tag = file.read(offset, 8);
  const word = (at: number) => (littleEndian ? tag.readUInt32LE(at) : tag.readUInt32BE(at));
  const small = word(0) >>> 16;
  if (small > 0) {
    if (small > 4) fail(`expected at most 4 bytes in a small element, got ${small}`);
    return { type: word(0) & 0xffff, at: offset + 4, bytes: small, next: offset + 8 };
  }
  const [type, bytes] = [word(0), word(4)];
  const padded = type === TYPE.compressed ? bytes : Math.ceil(bytes / 8) * 8;
  if (offset + 8 + bytes > limit) fail(`expected ${bytes} bytes of data, got ${limit - offset - 8}`);
  return { type, at: offset + 8, bytes, next: Math.min(limit, offset + 8 + padded) };
}

/** How many numbers a numeric element holds. */
export function countOf({ type, bytes }: Element): number {
  const width = WIDTH[type];
  return width === undefined ? 0 : Math.floor(bytes / width);
}

/** Numbers `from .. from + count` of a numeric element. */
export function numbersOf(
  { file, littleEndian }: MatBytes,
  element: Element,
  from = 0,
  count = countOf(element) - from,
): Float64Array {
  const { type, at } = element;
  const width = WIDTH[type];
  if (width === undefined || from < 0 || count < 0 || from + count > countOf(element))
    throw new RecordingError(
      `${file.path}: expected ${count} numbers at byte ${at}, got data of type ${type}; the MAT-file is damaged`,
    );
  const bytes = file.read(at + from * width, count * width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = READ[type];
  return Float64Array.from({ length: count }, (_, i) => read(view, i * width, littleEndian));
}

const READ: Readonly<Record<number, (view: DataView, at: number, little: boolean) => number>> = {
  1: (view, at) => view.getInt8(at),
  2: (view, at) => view.getUint8(at),
  3: (view, at, little) => view.getInt16(at, little),
  4: (view, at, little) => view.getUint16(at, little),
  5: (view, at, little) => view.getInt32(at, little),
  6: (view, at, little) => view.getUint32(at, little),
  7: (view, at, little) => view.getFloat32(at, little),
  9: (view, at, little) => view.getFloat64(at, little),
  12: (view, at, little) => Number(view.getBigInt64(at, little)),
  13: (view, at, little) => Number(view.getBigUint64(at, little)),
  16: (view, at) => view.getUint8(at),
  17: (view, at, little) => view.getUint16(at, little),
  18: (view, at, little) => view.getUint32(at, little),
};

/** The text of a character element. */
export function textOf(bytes: MatBytes, element: Element): string {
  if (element.bytes > 1 << 24)
    throw new RecordingError(`${bytes.file.path}: a text of ${element.bytes} bytes`);
  if (element.type === TYPE.utf8 || element.type === TYPE.int8)
    return bytes.file.read(element.at, element.bytes).toString("utf8");
  let text = "";
  for (const code of numbersOf(bytes, element))
    text += code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  return text;
}
