/** What the culture's compiled kernel (src/culture/kernel) can do. */
import { instantiateKernel } from "../wasm/kernel.ts";

export interface KernelExports {
  layoutBytes(): number;
  stateBytes(): number;
  run(layout: number, steps: number): number;
  /** Turns what is left of the synapses' eligibilities into weight (kernel/eligibility.ts). */
  reward(layout: number, amount: number): void;
  /** The benchmark network of kernel/cuba.ts, run by bench/cuba.ts. */
  cubaLayoutBytes(): number;
  runCuba(layout: number, steps: number): void;
}

/** A kernel over a memory of its own, of at least `bytes` bytes. */
export function instantiate(bytes: number): { kernel: KernelExports; buffer: ArrayBuffer } {
  return instantiateKernel("culture/kernel.wasm", bytes);
}
