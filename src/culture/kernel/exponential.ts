/**
 * exp for 32-bit floats, by the same operations in the same order everywhere, so that results do not depend on
 * the machine: 2^n times a polynomial for 2^f, |f| <= 1/2 (Taylor coefficients to degree 6, relative error 2e-7).
 */

const LOG2_E: f32 = 1.44269504;

/** e^x in four lanes; x is clamped to [-87, 87]. */
// @ts-ignore: decorator
@inline
export function exponential4(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.splat(-87), f32x4.pmin(f32x4.splat(87), x));
  const scaled = f32x4.mul(clamped, f32x4.splat(LOG2_E));
  const whole = f32x4.nearest(scaled);
  const f = f32x4.sub(scaled, whole);
  let p = f32x4.splat(1.540353e-4);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.33335581e-3));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(9.61812911e-3));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(5.55041087e-2));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.40226507e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(6.93147181e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1));
  const exponent = i32x4.shl(i32x4.trunc_sat_f32x4_s(whole), 23);
  return i32x4.add(p, exponent);
}

/** e^x. */
export function exponential(x: f32): f32 {
  return f32x4.extract_lane(exponential4(f32x4.splat(x)), 0);
}
