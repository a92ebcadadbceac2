/** Rooms in a kernel's memory, one after the other (kernel/kernel.ts, built by scripts/build.mjs). */
import { instantiateKernel } from "../wasm/kernel.ts";

interface Exports {
  layoutBytes(): number;
  inferSparse(at: number): void;
  affine(at: number): void;
  products(inputs: number, out: number, rows: number, length: number): void;
}

export interface KernelMemory {
  readonly kernel: Exports;
  readonly buffer: ArrayBuffer;
  readonly arrays: readonly Float32Array[];
}

/** Rows in the kernel's memory are this many elements long, or a multiple. */
export const BLOCK = 32;

/** D, rounded up to whole blocks. */
export function paddedTo(width: number): number {
  return Math.ceil(width / BLOCK) * BLOCK;
}

const HEAD_BYTES = 256;

/** Arrays of `lengths` elements, each at a multiple of 16 bytes, behind 256 bytes for a layout. */
export function kernelMemory(lengths: readonly number[]): KernelMemory {
  let at = HEAD_BYTES;
  const places = lengths.map((length) => {
    const place = at;
    at += Math.ceil((4 * length) / 64) * 64;
    return place;
  });
  const { kernel, buffer } = instantiateKernel<Exports>("features/features.wasm", at);
  return { kernel, buffer, arrays: places.map((place, i) => new Float32Array(buffer, place, lengths[i])) };
}
