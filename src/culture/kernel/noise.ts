/**
 * Membrane noise: Marsaglia's xorshift128 in four independent lanes; each draw's four bytes are summed, which is
 * nearly normal (mean 510, variance 4 (256^2 - 1) / 12 = 21845, excess kurtosis -0.3, bounded at 3.45 sd).
 * Marsaglia 2003, "Xorshift RNGs", https://doi.org/10.18637/jss.v008.i14
 */

/** 1 / sqrt(21845): makes a byte sum's standard deviation 1. */
const UNIT: f32 = 0.006765868;

/** Four numbers of mean 0 and variance 1 from four random words. */
// @ts-ignore: decorator
@inline
export function gaussian4(words: v128): v128 {
  const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(words));
  return f32x4.mul(f32x4.sub(f32x4.convert_i32x4_u(sums), f32x4.splat(510)), f32x4.splat(UNIT));
}

/** The part of a draw that depends on the oldest word. */
// @ts-ignore: decorator
@inline
export function mixOldest(oldest: v128): v128 {
  const t = v128.xor(oldest, i32x4.shl(oldest, 11));
  return v128.xor(t, i32x4.shr_u(t, 8));
}

/** The next word from the newest one and the mixed oldest. */
// @ts-ignore: decorator
@inline
export function nextWord(newest: v128, mixed: v128): v128 {
  return v128.xor(v128.xor(newest, i32x4.shr_u(newest, 19)), mixed);
}
