/**
 * The memory that an optimiser's vectors lie in, and its loops (kernel/optimiser.ts, built by scripts/build.mjs), which reach
 * nothing else.
 */
import { existsSync, readFileSync } from "node:fs";

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

/** The part of the WebAssembly namespace used here; Node's types leave it out. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
  Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

const PAGE_BYTES = 65536;

let compiled: object | undefined;

function compile(): object {
  const places = ["./optimiser.wasm", "../../dist/src/compute/optimiser.wasm"];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined)
    throw new Error(
      "compute: optimiser.wasm is not built; run `npm run build` (compiles src/compute/kernel)",
    );
  return new WebAssembly.Module(readFileSync(found));
}

/** `count` vectors of `length` elements in one memory, and the loops over it. */
export function optimiserMemory(
  count: number,
  length: number,
): { kernel: OptimiserKernel; vectors: Float32Array[] } {
  const pages = Math.max(1, Math.ceil((4 * count * length) / PAGE_BYTES));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  compiled ??= compile();
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const vectors = Array.from(
    { length: count },
    (_, i) => new Float32Array(memory.buffer, 4 * i * length, length),
  );
  return { kernel: exports as OptimiserKernel, vectors };
}
