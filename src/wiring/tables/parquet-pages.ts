/**
 * The headers of a column chunk's pages (Thrift's compact protocol), gone through before the library reads them: without a size of its
 * page, or with one that leads back, a header sends the library round for ever.
 * https://github.com/apache/parquet-format#data-pages, https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

const PAGE_SIZE_FIELD = 3;
/** Fields of a page header that are structs, and the last of their first fields that are whole numbers. */
const STRUCTS: Readonly<Record<number, number>> = { 5: 4, 7: 2, 8: 6 };
/** Of the second version's header: bytes of definition and of repetition levels, which are not packed. */
const VERSION_2 = 8;
const [DEFINITION_BYTES, REPETITION_BYTES] = [5, 6];
const I32 = 5;

/** Throws `Error` unless pages of whole sizes fill `chunk`, as far as the library goes through it. */
export function checkPages(chunk: Uint8Array): void {
  const reader = new Compact(chunk);
  while (reader.at < chunk.length - 1) {
    const size = reader.pageSize();
    if (size === undefined || size < 0 || reader.at + size > chunk.length)
      throw new Error(
        `a page claims ${size ?? "no"} bytes where ${Math.max(0, chunk.length - reader.at)} are left`,
      );
    reader.at += size;
  }
}

/** Goes on through bytes; throws where they end. */
class Compact {
  at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Through one page header; the compressed size that it gives. */
  pageSize(): number | undefined {
    let size: number | undefined;
    let levels = 0;
    this.struct((field, type) => {
      const wholes = STRUCTS[field];
      if (field === PAGE_SIZE_FIELD && type === I32) size = this.zigzag();
      else if (field < PAGE_SIZE_FIELD && type !== I32) throw new Error("a page header has no kind or size");
      else if (wholes !== undefined && type === 12) {
        const found = this.wholes(wholes);
        if (field === VERSION_2) levels = found[DEFINITION_BYTES - 1] + found[REPETITION_BYTES - 1];
      } else this.skip(type, 0);
    });
    if (levels > (size ?? 0)) throw new Error(`levels of a page claim ${levels} of ${size} bytes`);
    return size;
  }

  /** The first `count` fields of a struct, all of which must be there and none below 0. */
  private wholes(count: number): number[] {
    const found = new Array<number>(count).fill(Number.NaN);
    this.struct((field, type) => {
      if (field < 1 || field > count) this.skip(type, 0);
      else if (type === I32) found[field - 1] = this.zigzag();
      else throw new Error(`field ${field} of a page header is no whole number`);
    });
    if (!found.every((value) => value >= 0))
      throw new Error(`a page header gives ${found.join(", ")} where whole numbers from 0 on are expected`);
    return found;
  }

  private struct(onField: (field: number, type: number) => void): void {
    let field = 0;
    for (;;) {
      const byte = this.byte();
      const type = byte & 15;
      if (type === 0) return;
      field = byte >> 4 ? field + (byte >> 4) : this.zigzag();
      onField(field, type);
    }
  }

  private skip(type: number, depth: number): void {
    if (depth > MOST_DEPTH) throw new Error("a page header is nested too deep");
    if (type === 1 || type === 2) return;
    if (type === 3) this.at++;
    else if (type >= 4 && type <= 6) this.varint();
    else if (type === 7) this.at += 8;
    else if (type === 8) this.at += this.varint();
    else if (type === 9) {
      const byte = this.byte();
      const count = byte >> 4 === 15 ? this.varint() : byte >> 4;
      const of = byte & 15;
      // The library reads booleans of a list as bytes.
      for (let i = 0; i < count; i++) this.skip(of === 1 || of === 2 ? 3 : of, depth + 1);
    } else if (type === 12) this.struct((_, own) => this.skip(own, depth + 1));
    else throw new Error(`a page header has a field of type ${type}`);
    if (this.at > this.bytes.length) throw new Error("a page header has no end");
  }

  private byte(): number {
    if (this.at >= this.bytes.length) throw new Error("a page header has no end");
    return this.bytes[this.at++];
  }

  /** Of at most 64 bits; the lower ones as the library takes them. */
  private varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte();
      if (shift < 32) value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new Error("a number of a page header has no end");
  }

  private zigzag(): number {
    const value = this.varint();
    return (value >>> 1) ^ -(value & 1);
  }
}

const MOST_DEPTH = 16;
