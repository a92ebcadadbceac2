/** Loads a compiled kernel (a room's `kernel` folder, built by scripts/build.mjs) and gives each user its own instance. */
import { kernelBytes } from "#kernel-bytes";

/** The part of the WebAssembly namespace used here; Node's types leave it out. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
  Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

const PAGE_BYTES = 65536;
const modules = new Map<string, object>();

/** A kernel over a memory of its own, of at least `bytes` bytes. `path` is below src: "culture/kernel.wasm". */
export function instantiateKernel<Exports>(
  path: string,
  bytes: number,
): { kernel: Exports; buffer: ArrayBuffer } {
  const module = modules.get(path) ?? new WebAssembly.Module(kernelBytes(path));
  modules.set(path, module);
  const pages = Math.max(1, Math.ceil(bytes / PAGE_BYTES));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const abort = (_message: number, _file: number, line: number, column: number) => {
    throw new Error(`internal: ${path} aborted at ${line}:${column}`);
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  return { kernel: exports as Exports, buffer: memory.buffer };
}
