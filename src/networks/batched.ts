/** Runs a program compiled for one batch size over any number of rows. */
import type { Tensor } from "../compute/contract.ts";

/**
 * Cuts `input [n, width]` into batches of `size` rows (the last one padded with zeros), runs each, and collects
 * `[n, outWidth]`.
 */
export async function batched(
  input: Float32Array,
  { size, width, outWidth }: { size: number; width: number; outWidth: number },
  run: (rows: Float32Array) => Promise<Tensor>,
): Promise<Float32Array> {
  const n = input.length / width;
  const out = new Float32Array(n * outWidth);
  for (let from = 0; from < n; from += size) {
    const count = Math.min(size, n - from);
    const rows = new Float32Array(size * width);
    rows.set(input.subarray(from * width, (from + count) * width));
    out.set((await run(rows)).data.subarray(0, count * outWidth) as Float32Array, from * outWidth);
  }
  return out;
}
