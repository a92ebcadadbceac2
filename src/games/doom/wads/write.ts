/** WADs of one's own: lumps by name, written as the engine reads them. */
import { ENTRY_BYTES, HEADER_BYTES, NAME_BYTES } from "./read.ts";

/** A lump as a row of numbers and names, each of so many bytes, little endian. */
export class Lump {
  private readonly bytes: number[] = [];
  constructor(readonly name: string) {}

  /** 16-bit numbers, signed or not. */
  words(...values: readonly number[]): this {
    for (const value of values) this.bytes.push(value & 255, (value >> 8) & 255);
    return this;
  }

  /** Names of 8 bytes. */
  names(...names: readonly string[]): this {
    for (const name of names)
      for (let i = 0; i < NAME_BYTES; i++) this.bytes.push(i < name.length ? name.charCodeAt(i) : 0);
    return this;
  }

  zeros(count: number): this {
    for (let i = 0; i < count; i++) this.bytes.push(0);
    return this;
  }

  get content(): readonly number[] {
    return this.bytes;
  }
}

/** A patch WAD (PWAD) of these lumps, in their order. */
export function writeWad(lumps: readonly Lump[]): Uint8Array {
  const size = lumps.reduce((sum, { content }) => sum + content.length, HEADER_BYTES);
  const out = new Uint8Array(size + lumps.length * ENTRY_BYTES);
  const view = new DataView(out.buffer);
  out.set([..."PWAD"].map((letter) => letter.charCodeAt(0)));
  view.setInt32(4, lumps.length, true);
  view.setInt32(8, size, true);
  let at = HEADER_BYTES;
  lumps.forEach(({ name, content }, i) => {
    const entry = size + i * ENTRY_BYTES;
    out.set(content, at);
    view.setInt32(entry, at, true);
    view.setInt32(entry + 4, content.length, true);
    for (let k = 0; k < name.length; k++) out[entry + 8 + k] = name.charCodeAt(k);
    at += content.length;
  });
  return out;
}
