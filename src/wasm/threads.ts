/** Threads that run a kernel on the memory that this one runs it on (`#kernel-threads`). */
import { Worker } from "node:worker_threads";

/** Plain JavaScript, so that it is the same from the build and from source. */
const PROGRAM = `
const { module, memory, call, given } = require("node:worker_threads").workerData;
const words = new Int32Array(memory.buffer);
const wait = (address, old) => void Atomics.wait(words, address >>> 2, old);
new WebAssembly.Instance(module, { env: { memory, abort() {}, wait } }).exports[call](...given);
`;

/** Calls `call(...given)` of a kernel on a thread of its own, which does not keep the process alive. False where there are none. */
export function startKernelThread(
  { module, memory }: { readonly module: object; readonly memory: object },
  call: string,
  given: readonly number[],
): boolean {
  new Worker(PROGRAM, { eval: true, workerData: { module, memory, call, given } }).unref();
  return true;
}
