/** What the culture's compiled kernel (src/culture/kernel) can do. */
import { type KernelInstance as Instance, instantiateKernel } from "../wasm/kernel.ts";

export interface KernelExports {
  layoutBytes(): number;
  stateBytes(): number;
  /** Lives up to so many steps; of a culture of blocks, with all threads that are in `serveBlocks` (kernel/blocks.ts). */
  run(layout: number, steps: number): number;
  serveBlocks?(layout: number, thread: number): void;
  /** Turns what is left of the synapses' eligibilities into weight (kernel/eligibility.ts). */
  reward(layout: number, amount: number): void;
  /** The benchmark network of kernel/cuba.ts, run by bench/cuba.ts. */
  cubaLayoutBytes(): number;
  runCuba(layout: number, steps: number): void;
}

export type KernelInstance = Instance<KernelExports>;

/** A kernel over a memory of its own, of at least `bytes` bytes, which threads can share. */
export function instantiate(bytes: number, isShared = false): KernelInstance {
  return instantiateKernel(isShared ? "culture/kernel-large.wasm" : "culture/kernel.wasm", bytes, isShared);
}
