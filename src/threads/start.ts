/** Starts a worker thread from a module of this package, built or not. */
import { type ResourceLimits, Worker } from "node:worker_threads";

/**
 * From the build the thread is plain JavaScript; from source (a test, say) it is loaded through tsx.
 * `from` is the `import.meta.url` of whoever starts it, `module` its neighbour, such as `./worker`.
 */
export function startThread(
  from: string,
  module: string,
  workerData: unknown,
  resourceLimits: ResourceLimits = {},
): Worker {
  const options = { workerData, resourceLimits };
  if (!from.endsWith(".ts")) return new Worker(new URL(`${module}.js`, from), options);
  const url = JSON.stringify(new URL(`${module}.ts`, from));
  const load = `import("tsx/esm/api").then(({ register }) => (register(), import(${url})))`;
  return new Worker(load, { ...options, eval: true });
}
