/** LZ4, unpacking alone: blocks and frames, https://github.com/lz4/lz4/tree/dev/doc. Checksums are passed over. */

const FRAME_MAGIC = 0x184d2204;
const damaged = () => new Error("damaged LZ4 data");

/** One block, whose unpacked size is known: all of `out` is filled, from `start` on. */
export function lz4Block(bytes: Uint8Array, out: Uint8Array, start = 0): Uint8Array {
  if (unpackBlock(bytes, out, start) !== out.length) throw damaged();
  return out;
}

/** Unpacks into `out` from `start` on; gives where it ended. */
function unpackBlock(bytes: Uint8Array, out: Uint8Array, start: number): number {
  let [at, to] = [0, start];
  const longer = (length: number): number => {
    let more = 255;
    while (more === 255) {
      if (at >= bytes.length) throw damaged();
      more = bytes[at++];
      length += more;
    }
    return length;
  };
  while (at < bytes.length) {
    const token = bytes[at++];
    const literals = token >> 4 === 15 ? longer(15) : token >> 4;
    if (at + literals > bytes.length || to + literals > out.length) throw damaged();
    out.set(bytes.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === bytes.length) break; // the last sequence has literals alone
    const back = bytes[at] | (bytes[at + 1] << 8);
    at += 2;
    const length = 4 + ((token & 15) === 15 ? longer(15) : token & 15);
    if (at > bytes.length || back === 0 || back > to || to + length > out.length) throw damaged();
    for (let i = 0; i < length; i++, to++) out[to] = out[to - back];
  }
  return to;
}

/** A frame of blocks, which may refer to those before, unpacked to at most `most` bytes. */
export function lz4Frame(bytes: Uint8Array, most: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 7 || view.getUint32(0, true) !== FRAME_MAGIC) throw damaged();
  const flags = bytes[4];
  const [hasSize, hasBlockSums, hasDictionary] = [flags & 8, flags & 16, flags & 1];
  const largest = 1 << (8 + 2 * ((bytes[5] >> 4) & 7));
  let at = 6 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1;
  let out = new Uint8Array(Math.min(most, 4 * bytes.length + largest));
  let to = 0;
  for (;;) {
    if (at + 4 > bytes.length) throw damaged();
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) return out.subarray(0, to);
    const size = word & 0x7fffffff;
    if (at + size > bytes.length || size > largest) throw damaged();
    const block = bytes.subarray(at, at + size);
    if (out.length < Math.min(most, to + largest)) {
      const larger = new Uint8Array(Math.min(most, 2 * out.length + largest));
      larger.set(out.subarray(0, to));
      out = larger;
    }
    if (word >>> 31) {
      if (to + size > out.length) throw damaged();
      out.set(block, to);
      to += size;
    } else to = unpackBlock(block, out, to);
    at += size + (hasBlockSums ? 4 : 0);
  }
}
