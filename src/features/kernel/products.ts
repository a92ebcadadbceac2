/** Matrix products of rows: what an encoder does with a batch, and what counts have in common. */

/** The dot product of the rows of `length` elements at `a` and `b`. */
// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, length: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (let end = a + (usize(length) << 2); a < end; a += 64, b += 64) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)));
  }
  const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  return (
    f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3))
  );
}

/** The row of `length` elements at `to` += `factor` x that at `from`. */
// @ts-ignore: decorator
@inline
export function addScaled(to: usize, from: usize, factor: f32, length: i32): void {
  const factors = f32x4.splat(factor);
  for (let end = to + (usize(length) << 2); to < end; to += 64, from += 64) {
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(factors, v128.load(from))));
    v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(factors, v128.load(from, 16))), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), f32x4.mul(factors, v128.load(from, 32))), 32);
    v128.store(to, f32x4.add(v128.load(to, 48), f32x4.mul(factors, v128.load(from, 48))), 48);
  }
}

@unmanaged
class Sizes {
  /** Rows of the inputs and of the weights, and the length of each. */
  rows: i32;
  outputs: i32;
  length: i32;
  inputs: usize;
  weights: usize;
  bias: usize;
  out: usize;
}

/** `out [rows, outputs]` = `inputs [rows, length]` x `weights [outputs, length]` transposed, plus `bias [outputs]`; `at` has the Sizes. */
export function affine(at: usize): void {
  const sizes = changetype<Sizes>(at);
  const length = sizes.length;
  const bytes = usize(length) << 2;
  const rowBytes = usize(sizes.outputs) << 2;
  // Each weight row is loaded once for all rows of a batch that the cache holds.
  for (let k = 0; k < sizes.outputs; k++) {
    const weights = sizes.weights + usize(k) * bytes;
    const bias = load<f32>(sizes.bias + (usize(k) << 2));
    let out = sizes.out + (usize(k) << 2);
    let input = sizes.inputs;
    for (let n = 0; n < sizes.rows; n++) {
      store<f32>(out, bias + dot(input, weights, length));
      out += rowBytes;
      input += bytes;
    }
  }
}

/** `out [length, length]` += the sum over `rows` of each row of `inputs` with itself. `out` rows are `length` long. */
export function products(inputs: usize, out: usize, rows: i32, length: i32): void {
  const bytes = usize(length) << 2;
  for (let n = 0; n < rows; n++) {
    const row = inputs + usize(n) * bytes;
    for (let i = 0; i < length; i++) {
      const value = load<f32>(row + (usize(i) << 2));
      if (value != 0) addScaled(out + usize(i) * bytes, row, value, length);
    }
  }
}
