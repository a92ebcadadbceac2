/** Fields of a binary message: little-endian, whole numbers as LEB128 (7 bits a byte, lowest first) up to 2^53. */

/** Bytes that are no message: they are dropped. */
export class MessageFault extends Error {
  override readonly name = "MessageFault";
}

export class ByteWriter {
  private bytes = new Uint8Array(256);
  private at = 0;

  u8(value: number): this {
    const at = this.room(1);
    this.bytes[at] = value;
    return this;
  }

  f64(value: number): this {
    const at = this.room(8);
    new DataView(this.bytes.buffer).setFloat64(at, value, true);
    return this;
  }

  /** A whole number from 0 to 2^53 - 1. */
  whole(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`expected a whole number from 0 to 2^53 - 1, got ${value}`);
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.u8((rest % 128) + 128);
    return this.u8(rest);
  }

  text(value: string): this {
    return this.block(new TextEncoder().encode(value));
  }

  /** Bytes behind their number. */
  block(value: Uint8Array): this {
    this.whole(value.length);
    const at = this.room(value.length);
    this.bytes.set(value, at);
    return this;
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.at);
  }

  private room(size: number): number {
    const at = this.at;
    this.at += size;
    if (this.at > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.at, 2 * this.bytes.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return at;
  }
}

/** Reads what `ByteWriter` wrote; throws `MessageFault` where the bytes are not that. */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  u8(): number {
    return this.bytes[this.take(1)];
  }

  f64(): number {
    const at = this.take(8);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset).getFloat64(at, true);
  }

  whole(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte & 127) * scale;
      if (!Number.isSafeInteger(value)) throw new MessageFault("a whole number beyond 2^53");
      if (byte < 128) return value;
      if (scale > 2 ** 49) throw new MessageFault("a whole number without end");
    }
  }

  /** A number of things that take at least `leastBytes` each: never more than the message can hold. */
  count(leastBytes: number): number {
    const count = this.whole();
    if (count * leastBytes > this.bytes.length - this.at)
      throw new MessageFault(`${count} entries in ${this.bytes.length - this.at} bytes`);
    return count;
  }

  /** Things behind their number, of at least `leastBytes` each. */
  list<T>(leastBytes: number, read: () => T): T[] {
    return Array.from({ length: this.count(leastBytes) }, read);
  }

  text(): string {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.block());
    } catch (error) {
      if (error instanceof MessageFault) throw error;
      throw new MessageFault("text that is not UTF-8");
    }
  }

  block(): Uint8Array {
    const length = this.count(1);
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** Throws unless everything has been read. */
  end(): void {
    if (this.at !== this.bytes.length)
      throw new MessageFault(`${this.bytes.length - this.at} bytes too many`);
  }

  private take(size: number): number {
    const at = this.at;
    if (at + size > this.bytes.length) throw new MessageFault(`cut short at ${this.bytes.length} bytes`);
    this.at += size;
    return at;
  }
}
