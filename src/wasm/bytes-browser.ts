/** The twin of `bytes.ts` in a page: the kernels that a page needs are in its bundle. That of cultures in blocks is not: it would be a tenth of the page. */

import optimiser from "#kernels/compute/training/optimiser.wasm";
import culture from "#kernels/culture/kernel.wasm";

const bundled: Readonly<Record<string, Uint8Array>> = {
  "culture/kernel.wasm": culture,
  "compute/training/optimiser.wasm": optimiser,
};

export function kernelBytes(path: string): Uint8Array {
  const bytes = bundled[path];
  if (bytes) return bytes;
  if (path === "culture/kernel-large.wasm")
    throw new RangeError("neurons: expected at most 4,096 in a page; larger cultures are grown in Node");
  throw new Error(`internal: expected ${path} among the kernels of the page`);
}
