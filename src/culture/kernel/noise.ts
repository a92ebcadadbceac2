/**
 * Membrane noise: Marsaglia's xorshift128 in four independent lanes; each draw's four bytes are summed, which is
 * nearly normal (mean 510, variance 4 (256^2 - 1) / 12 = 21845, excess kurtosis -0.3, bounded at 3.45 sd).
 * Marsaglia 2003, "Xorshift RNGs", https://doi.org/10.18637/jss.v008.i14
 */

import { Layout, Noise } from "./layout";

/** 1 / sqrt(21845): makes a byte sum's standard deviation 1. */
const UNIT: f32 = 0.006765868;

/** Four numbers of mean 0 and variance 1 from four random words. */
// @ts-ignore: decorator
@inline
export function gaussian4(words: v128): v128 {
  const sums = i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_u(words));
  return f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(sums), f32x4.splat(510)), f32x4.splat(UNIT));
}

/** The word that follows `newest` and replaces `oldest` in the generator's four. */
// @ts-ignore: decorator
@inline
export function nextWord(newest: v128, oldest: v128): v128 {
  const t = v128.xor(oldest, i32x4.shl(oldest, 11));
  return v128.xor(v128.xor(newest, i32x4.shr_u(newest, 19)), v128.xor(t, i32x4.shr_u(t, 8)));
}

/** The generators of membranes without noise stay as they are. */
export function isNoisy(layout: Layout): bool {
  return layout.noiseExcitatory != 0 || layout.noiseInhibitory != 0;
}

/** Fills `bytes` bytes (a multiple of 64) with numbers of mean 0 and variance 1. */
export function fillGaussian(noise: Noise, at: usize, bytes: usize): void {
  let r0 = noise.word0;
  let r1 = noise.word1;
  let r2 = noise.word2;
  let r3 = noise.word3;
  const end = at + bytes;
  do {
    r0 = nextWord(r3, r0);
    r1 = nextWord(r0, r1);
    r2 = nextWord(r1, r2);
    r3 = nextWord(r2, r3);
    v128.store(at, gaussian4(r0));
    v128.store(at, gaussian4(r1), 16);
    v128.store(at, gaussian4(r2), 32);
    v128.store(at, gaussian4(r3), 48);
    at += 64;
  } while (at < end);
  noise.word0 = r0;
  noise.word1 = r1;
  noise.word2 = r2;
  noise.word3 = r3;
}
