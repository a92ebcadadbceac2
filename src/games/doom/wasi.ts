/**
 * What the engine's C library asks of a system (WASI preview 1, https://github.com/WebAssembly/WASI): nothing is there. Every call
 * answers "bad descriptor", which its start takes for "no folders"; what it would print is given to `log`.
 */
import { EngineError } from "./error.ts";
import { type CompiledModule, importsOf, type LinearMemory } from "./web-assembly.ts";

const BAD_DESCRIPTOR = 8;

export type Log = (text: string) => void;

export function noSystem(
  module: CompiledModule,
  memory: () => LinearMemory,
  log: Log,
): Record<string, (...values: number[]) => number> {
  const names = importsOf(module)
    .filter((wanted) => wanted.module === "wasi_snapshot_preview1")
    .map(({ name }) => name);
  return {
    ...Object.fromEntries(names.map((name) => [name, () => BAD_DESCRIPTOR])),
    fd_write: (...[, vectors, count, written]) => {
      const view = new DataView(memory().buffer);
      let total = 0;
      for (let i = 0; i < count; i++) {
        const [at, length] = [0, 4].map((offset) => view.getUint32(vectors + 8 * i + offset, true));
        log(latin1(new Uint8Array(memory().buffer, at, length)));
        total += length;
      }
      view.setUint32(written, total, true);
      return 0;
    },
    proc_exit: (code) => {
      throw new EngineError(`Doom engine: it ended itself with code ${code}`);
    },
  };
}

export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
