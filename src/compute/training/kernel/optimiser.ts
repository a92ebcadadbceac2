/**
 * The optimiser's loops over vectors of float32, four elements at a time, each in one pass over memory (see
 * ../optimiser.ts). Addresses are in bytes, lengths in elements and multiples of four.
 */

/** The sum of the squares of `length` elements, in float64. */
export function sumOfSquares(at: usize, length: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  const end = at + (usize(length) << 2);
  while (at < end) {
    const values = v128.load(at);
    const low = f64x2.promote_low_f32x4(values);
    const high = f64x2.promote_low_f32x4(i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
    at += 16;
  }
  const sum = f64x2.add(even, odd);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** What a step of AdamW works on and with; written by ../optimiser-memory.ts in this order. */
@unmanaged
class Step {
  params: usize;
  gradient: usize;
  mean: usize;
  meanSquare: usize;
  scale: f32;
  gain1: f32;
  gain2: f32;
  keep: f32;
  rate: f32;
  unbias: f32;
  epsilon: f32;
}

export function stepBytes(): i32 {
  return i32(offsetof<Step>());
}

/**
 * One step of AdamW over elements [from, to):
 *
 *   m += gain1 (scale g - m),   v += gain2 ((scale g)^2 - v),   p = keep p - rate m / (sqrt(unbias v) + epsilon)
 */
export function adamW(stepAddress: usize, from: i32, to: i32): void {
  const step = changetype<Step>(stepAddress);
  const params = step.params;
  const gradient = step.gradient;
  const mean = step.mean;
  const meanSquare = step.meanSquare;
  const scales = f32x4.splat(step.scale);
  const gains1 = f32x4.splat(step.gain1);
  const gains2 = f32x4.splat(step.gain2);
  const keeps = f32x4.splat(step.keep);
  const rates = f32x4.splat(step.rate);
  const unbiases = f32x4.splat(step.unbias);
  const epsilons = f32x4.splat(step.epsilon);
  const end = usize(to) << 2;
  for (let at = usize(from) << 2; at < end; at += 16) {
    const g = f32x4.mul(v128.load(gradient + at), scales);
    let m = v128.load(mean + at);
    m = f32x4.add(m, f32x4.mul(gains1, f32x4.sub(g, m)));
    let v = v128.load(meanSquare + at);
    v = f32x4.add(v, f32x4.mul(gains2, f32x4.sub(f32x4.mul(g, g), v)));
    v128.store(mean + at, m);
    v128.store(meanSquare + at, v);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, unbiases)), epsilons);
    const move = f32x4.div(f32x4.mul(rates, m), root);
    v128.store(params + at, f32x4.sub(f32x4.mul(v128.load(params + at), keeps), move));
  }
}

/** `average` moves by `gain` of its distance to `params`. */
export function follow(average: usize, params: usize, length: i32, gain: f32): void {
  const gains = f32x4.splat(gain);
  const bytes = usize(length) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const old = v128.load(average + at);
    const distance = f32x4.sub(v128.load(params + at), old);
    v128.store(average + at, f32x4.add(old, f32x4.mul(gains, distance)));
  }
}
