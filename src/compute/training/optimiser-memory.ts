/**
 * The memory that an optimiser's vectors lie in, and its loops (kernel/optimiser.ts, built by scripts/build.mjs), which reach
 * nothing else.
 */
import { instantiateKernel } from "../../wasm/kernel.ts";

interface Exports {
  stepBytes(): number;
  sumOfSquares(at: number, length: number): number;
  adamW(step: number, from: number, to: number): void;
  follow(average: number, params: number, length: number, gain: number): void;
}

/** The numbers of a step of AdamW (kernel/optimiser.ts has the equations). */
export interface StepNumbers {
  readonly scale: number;
  readonly gain1: number;
  readonly gain2: number;
  readonly keep: number;
  readonly rate: number;
  readonly unbias: number;
  readonly epsilon: number;
}

export type OptimiserKernel = Pick<Exports, "sumOfSquares" | "follow"> & {
  /** A step over elements [from, to) of the first four vectors: parameters, gradient, mean, mean of squares. */
  adamW(numbers: StepNumbers, from: number, to: number): void;
};

const VECTORS_OF_STEP = 4;

/** `count` vectors of `length` elements in one memory, and the loops over it. */
export function optimiserMemory(
  count: number,
  length: number,
): { kernel: OptimiserKernel; vectors: Float32Array[] } {
  const stepAt = 4 * count * length;
  const { kernel, buffer } = instantiateKernel<Exports>("compute/training/optimiser.wasm", stepAt + 64);
  const vectors = Array.from({ length: count }, (_, i) => new Float32Array(buffer, 4 * i * length, length));
  const addresses = vectors.slice(0, VECTORS_OF_STEP).map(({ byteOffset }) => byteOffset);
  new Int32Array(buffer, stepAt).set(addresses);
  const written = new Float32Array(buffer, stepAt + 4 * VECTORS_OF_STEP, 7);
  if (kernel.stepBytes() !== 4 * (VECTORS_OF_STEP + written.length))
    throw new Error("internal: optimiser.wasm was built from another layout; run `npm run build`");
  return {
    vectors,
    kernel: {
      sumOfSquares: kernel.sumOfSquares,
      follow: kernel.follow,
      adamW({ scale, gain1, gain2, keep, rate, unbias, epsilon }, from, to) {
        written.set([scale, gain1, gain2, keep, rate, unbias, epsilon]);
        kernel.adamW(stepAt, from, to);
      },
    },
  };
}
