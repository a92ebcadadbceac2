/** The twin of `bytes.ts` in a page: the kernels that a page needs are in its bundle. */

import optimiser from "#kernels/compute/training/optimiser.wasm";
import culture from "#kernels/culture/kernel.wasm";
import cultureLarge from "#kernels/culture/kernel-large.wasm";

const bundled: Readonly<Record<string, Uint8Array>> = {
  "culture/kernel.wasm": culture,
  "culture/kernel-large.wasm": cultureLarge,
  "compute/training/optimiser.wasm": optimiser,
};

export function kernelBytes(path: string): Uint8Array {
  const bytes = bundled[path];
  if (bytes === undefined) throw new Error(`internal: expected ${path} among the kernels of the page`);
  return bytes;
}
