/** The culture kernel's exponentials and membrane noise in single precision, operation by operation (culture/kernel). */

const words = new Int32Array(1);
const floats = new Float32Array(words.buffer);
const f = Math.fround;

const ROUNDER = 12582912;
const LOG2_E = f(Math.LOG2E);
const C1 = f(6.93147181e-1);
const C2 = f(2.40226507e-1);
const C3 = f(5.55041087e-2);
const C4 = f(9.61812911e-3);
const C5 = f(1.33335581e-3);
const C6 = f(1.540353e-4);

/** 2^x. */
export function powerOfTwo(x: number): number {
  const clamped = x < -125 ? -125 : x > 125 ? 125 : x;
  const rounded = f(clamped + ROUNDER);
  const r = f(clamped - f(rounded - ROUNDER));
  const r2 = f(r * r);
  const low = f(1 + f(r * C1));
  const middle = f(C2 + f(r * C3));
  const high = f(C4 + f(r * C5));
  const top = f(high + f(r2 * C6));
  const p = f(low + f(r2 * f(middle + f(r2 * top))));
  floats[0] = rounded;
  const shift = words[0] << 23;
  floats[0] = p;
  words[0] += shift;
  return floats[0];
}

/** e^x. */
export function exponential(x: number): number {
  return powerOfTwo(f(x * LOG2_E));
}

const SLOPE = f(-0.0894470924);
const SHIFT = f(-1.83650127);

/** Open share of the NMDA-like conductance: 1 / (1 + 0.28 e^(-0.062 V)). */
export function magnesiumBlock(potentialMv: number): number {
  return f(1 / f(1 + powerOfTwo(f(f(potentialMv * SLOPE) + SHIFT))));
}

const UNIT = f(0.006765868);

/** Byte sums of xorshift128 in four lanes, as kernel/noise.ts draws them; `words` is the generator, and moves on. */
export function fillGaussian(words: Uint32Array, out: Float32Array): void {
  for (let at = 0; at < out.length; at += 16)
    for (let lane = 0; lane < 4; lane++) {
      let r0 = words[lane] | 0;
      let r1 = words[4 + lane] | 0;
      let r2 = words[8 + lane] | 0;
      let r3 = words[12 + lane] | 0;
      r0 = nextWord(r3, r0);
      r1 = nextWord(r0, r1);
      r2 = nextWord(r1, r2);
      r3 = nextWord(r2, r3);
      out[at + lane] = byteSum(r0);
      out[at + 4 + lane] = byteSum(r1);
      out[at + 8 + lane] = byteSum(r2);
      out[at + 12 + lane] = byteSum(r3);
      words[lane] = r0;
      words[4 + lane] = r1;
      words[8 + lane] = r2;
      words[12 + lane] = r3;
    }
}

function nextWord(newest: number, oldest: number): number {
  const t = oldest ^ (oldest << 11);
  return newest ^ (newest >>> 19) ^ (t ^ (t >>> 8));
}

function byteSum(word: number): number {
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  return f(f(sum - 510) * UNIT);
}
