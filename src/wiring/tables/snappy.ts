/**
 * A block of Snappy (https://github.com/google/snappy/blob/main/format_description.txt). Every length and offset is held against what is
 * there: a damaged block ends in an error, whatever it claims.
 */

const LONG_LITERAL = 60;

/** Fills `output` to its end. Throws `Error` where the block does not do that. */
export function snappyBlock(input: Uint8Array, output: Uint8Array): Uint8Array {
  let [from, to] = [0, 0];
  const byte = (): number => {
    if (from >= input.length) throw new Error("a Snappy block has no end");
    return input[from++];
  };
  const number = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += byte() * 2 ** (8 * i);
    return value;
  };
  while (byte() >= 128); // the length, which who calls has from the page's header
  while (from < input.length) {
    const tag = byte();
    const kind = tag & 3;
    let length = 1 + (tag >> 2);
    if (kind === 0) {
      if (length > LONG_LITERAL) length = 1 + number(length - LONG_LITERAL);
      if (length > input.length - from || length > output.length - to)
        throw new Error(`a Snappy literal claims ${length} bytes`);
      output.set(input.subarray(from, from + length), to);
      from += length;
      to += length;
      continue;
    }
    if (kind === 1) length = 4 + ((tag >> 2) & 7);
    const offset = kind === 1 ? ((tag >> 5) << 8) + byte() : number(kind === 2 ? 2 : 4);
    if (offset === 0 || offset > to || length > output.length - to)
      throw new Error(`a Snappy copy claims ${length} bytes from ${offset} back of ${to}`);
    // Byte by byte: a copy may overlap what it writes.
    for (const end = to + length; to < end; to++) output[to] = output[to - offset];
  }
  if (to !== output.length) throw new Error(`a Snappy block has ${to} bytes, expected ${output.length}`);
  return output;
}
