/** IEEE 754 half precision as 16-bit patterns: 1 sign, 5 exponent, 10 fraction bits. */

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** The nearest half of each number, ties to even; beyond 65504 infinity. */
export function toHalf(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, halfOf);
}

export function fromHalf(halves: ArrayLike<number>): Float32Array {
  return Float32Array.from(halves, numberOf);
}

function halfOf(value: number): number {
  floats[0] = value;
  const [sign, magnitude] = [(bits[0] >>> 16) & 0x8000, bits[0] & 0x7fffffff];
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below 2^-14 the fraction counts units of 2^-24.
  if (magnitude < 0x38800000) return sign | roundEven(Math.abs(floats[0]) * 2 ** 24);
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

function roundEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}

function numberOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(half >>> 10) & 0x1f, half & 0x3ff];
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
