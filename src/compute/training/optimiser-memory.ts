/**
 * The memory that an optimiser's vectors lie in, and its loops (kernel/optimiser.ts, built by scripts/build.mjs), which reach
 * nothing else.
 */
import { instantiateKernel } from "../../wasm/kernel.ts";

export interface OptimiserKernel {
  sumOfSquares(at: number, length: number): number;
  adamW(
    params: number,
    gradient: number,
    mean: number,
    meanSquare: number,
    length: number,
    scale: number,
    gain1: number,
    gain2: number,
    keep: number,
    rate: number,
    unbias: number,
    epsilon: number,
  ): void;
  follow(average: number, params: number, length: number, gain: number): void;
}

/** `count` vectors of `length` elements in one memory, and the loops over it. */
export function optimiserMemory(
  count: number,
  length: number,
): { kernel: OptimiserKernel; vectors: Float32Array[] } {
  const { kernel, buffer } = instantiateKernel<OptimiserKernel>(
    "compute/training/optimiser.wasm",
    4 * count * length,
  );
  const vectors = Array.from({ length: count }, (_, i) => new Float32Array(buffer, 4 * i * length, length));
  return { kernel, vectors };
}
