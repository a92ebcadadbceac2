/**
 * Exponentials for 32-bit floats, by the same operations in the same order everywhere, so that results do not
 * depend on the machine: 2^n times the Taylor polynomial of 2^f, |f| <= 1/2, to degree 6 (relative error 2e-7).
 */

const LOG2_E: f32 = 1.44269504;
/** 1.5 * 2^23: adding it rounds to a whole number and leaves that in the low bits. */
const ROUNDER: f32 = 12582912;

/** 2^x in four lanes; x is clamped to [-125, 125]. */
// @ts-ignore: decorator
@inline
export function powerOfTwo4(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.splat(-125), f32x4.pmin(f32x4.splat(125), x));
  const rounded = f32x4.add(clamped, f32x4.splat(ROUNDER));
  const f = f32x4.sub(clamped, f32x4.sub(rounded, f32x4.splat(ROUNDER)));
  // Estrin's scheme: short dependency chains matter more here than the number of operations.
  const f2 = f32x4.mul(f, f);
  const low = f32x4.add(f32x4.splat(1), f32x4.mul(f, f32x4.splat(6.93147181e-1)));
  const middle = f32x4.add(f32x4.splat(2.40226507e-1), f32x4.mul(f, f32x4.splat(5.55041087e-2)));
  const high = f32x4.add(f32x4.splat(9.61812911e-3), f32x4.mul(f, f32x4.splat(1.33335581e-3)));
  const top = f32x4.add(high, f32x4.mul(f2, f32x4.splat(1.540353e-4)));
  const p = f32x4.add(low, f32x4.mul(f2, f32x4.add(middle, f32x4.mul(f2, top))));
  return i32x4.add(p, i32x4.shl(rounded, 23));
}

/** e^x. */
export function exponential(x: f32): f32 {
  return f32x4.extract_lane(powerOfTwo4(f32x4.splat(x * LOG2_E)), 0);
}
