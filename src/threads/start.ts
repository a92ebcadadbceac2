/** Starts a worker thread from a module of this package, built or not. */
import { Worker } from "node:worker_threads";

/**
 * From the build the thread is plain JavaScript; from source (a test, say) it is loaded through tsx.
 * `from` is the `import.meta.url` of whoever starts it, `module` its neighbour, such as `./worker`.
 */
export function startThread(from: string, module: string, workerData: unknown): Worker {
  if (!from.endsWith(".ts")) return new Worker(new URL(`${module}.js`, from), { workerData });
  const url = JSON.stringify(new URL(`${module}.ts`, from));
  const load = `import("tsx/esm/api").then(({ register }) => (register(), import(${url})))`;
  return new Worker(load, { workerData, eval: true });
}
