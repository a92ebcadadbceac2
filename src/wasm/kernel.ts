/** Loads a compiled kernel (a room's `kernel` folder, built by scripts/build.mjs) and gives each user its own instance. */
import { kernelBytes } from "#kernel-bytes";

/** The part of the WebAssembly namespace used here; Node's types leave it out. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
  Memory: new (pages: {
    initial: number;
    maximum: number;
    shared: boolean;
  }) => { readonly buffer: ArrayBuffer };
};

const PAGE_BYTES = 65536;
/** A kernel's addresses have 32 bits. */
const MOST_PAGES = 65536;
const modules = new Map<string, object>();

export interface KernelInstance<Exports> {
  readonly kernel: Exports;
  /** Of a shared memory, it can be shared, and is not what its type says. */
  readonly buffer: ArrayBuffer;
  /** For another thread to do the same on the same memory. */
  readonly module: object;
  readonly memory: object;
}

/** A kernel over a memory of its own, of at least `bytes` bytes. `path` is below src: "culture/kernel.wasm". */
export function instantiateKernel<Exports>(
  path: string,
  bytes: number,
  isShared = false,
): KernelInstance<Exports> {
  const module = modules.get(path) ?? new WebAssembly.Module(kernelBytes(path));
  modules.set(path, module);
  const memory = allocate(path, bytes, isShared);
  const abort = (_message: number, _file: number, line: number, column: number) => {
    throw new Error(`internal: ${path} aborted at ${line}:${column}`);
  };
  /** For kernels whose threads meet (src/culture/kernel/barrier.ts). */
  const wait = (address: number, old: number) =>
    void Atomics.wait(new Int32Array(memory.buffer), address >>> 2, old);
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort, wait } });
  return { kernel: exports as Exports, buffer: memory.buffer, module, memory };
}

function allocate(path: string, bytes: number, shared: boolean) {
  const pages = Math.max(1, Math.ceil(bytes / PAGE_BYTES));
  const asked = `${path} asked for ${(bytes / 1e9).toFixed(1)} GB`;
  if (pages > MOST_PAGES)
    throw new RangeError(`could not allocate memory: ${asked}, and can have at most 4.3`);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch {
    throw new RangeError(`could not allocate memory: ${asked}`);
  }
}
