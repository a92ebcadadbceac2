/** Damage: the same seed and bytes give the same damaged bytes. */
import type { Random } from "../../src/math/random.ts";

/** Half of the damage falls on this many first bytes, where formats keep what they are. */
const HEAD = 4096;
const EXTREMES = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff8];

export function mutate(original: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(original);
  for (let left = 1 + random.integer(4); left > 0; left--) bytes = once(bytes, random);
  return bytes;
}

function once(bytes: Buffer, random: Random): Buffer<ArrayBuffer> {
  const length = bytes.length;
  if (length < 8) return Buffer.from([...bytes, random.integer(256)]);
  const place = () => random.integer(random.uniform() < 0.5 ? Math.min(length, HEAD) : length);
  const at = place();
  const run = 1 + random.integer(64);
  switch (random.integer(7)) {
    case 0: {
      const out = Buffer.from(bytes);
      for (let k = 1 + random.integer(8); k > 0; k--) out[place()] ^= 1 << random.integer(8);
      return out;
    }
    case 1: {
      const out = Buffer.from(bytes);
      for (let i = at; i < Math.min(length, at + run); i++) out[i] = random.integer(256);
      return out;
    }
    case 2:
      return Buffer.from(bytes.subarray(0, at));
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(length, at + run))]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at + run), bytes.subarray(at)]);
    case 5: {
      const out = Buffer.from(bytes);
      out.writeUInt32LE(EXTREMES[random.integer(EXTREMES.length)], Math.min(length - 4, at & ~3));
      return out;
    }
    default: {
      // A digit becomes another character of numbers and rows: what text formats are damaged by.
      const out = Buffer.from(bytes);
      let i = at;
      for (let k = 0; k < length && !(out[i] >= 48 && out[i] <= 57); k++) i = (i + 1) % length;
      out[i] = '0123456789-.,;eEN\n\t "'.charCodeAt(random.integer(21));
      return out;
    }
  }
}
