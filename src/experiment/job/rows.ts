/** One brain's part of what all brains did. */

/** Rows `[R, width]` of one brain out of `[R, N, width]`. */
export function rowsOf(values: Float32Array, width: number, brain: number, brains: number): Float32Array {
  if (brains === 1) return values;
  const steps = values.length / (brains * width);
  const out = new Float32Array(steps * width);
  for (let r = 0; r < steps; r++)
    out.set(values.subarray((r * brains + brain) * width, (r * brains + brain + 1) * width), r * width);
  return out;
}
