/** Loads the compiled kernel (src/culture/kernel, built by scripts/build.mjs) and gives each culture its own instance. */
import { existsSync, readFileSync } from "node:fs";

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

/** The part of the WebAssembly namespace used here; Node's types leave it out. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
  Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

let compiled: object | undefined;

function compile(): object {
  const places = ["./kernel.wasm", "../../dist/src/culture/kernel.wasm"];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined)
    throw new Error("culture: kernel.wasm is not built; run `npm run build` (compiles src/culture/kernel)");
  return new WebAssembly.Module(readFileSync(found));
}

/** A kernel over a memory of its own, of at least `bytes` bytes. */
export function instantiate(bytes: number): { kernel: KernelExports; buffer: ArrayBuffer } {
  const pages = Math.ceil(bytes / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  compiled ??= compile();
  const instance = new WebAssembly.Instance(compiled, {
    env: {
      memory,
      abort: (_message: number, _file: number, line: number, column: number) => {
        throw new Error(`internal: culture kernel aborted at ${line}:${column}`);
      },
    },
  });
  return { kernel: instance.exports as KernelExports, buffer: memory.buffer };
}
