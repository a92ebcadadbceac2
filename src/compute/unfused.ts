/**
 * Where a machine can, jax-js multiplies and adds in one instruction that rounds once (relaxed SIMD), so that a browser's results are not
 * Node 20's. It asks the machine once, when it makes its first kernel: that is made here, while the answer is no.
 * https://github.com/WebAssembly/relaxed-simd
 */
import { numpy as np } from "@jax-js/jax";

declare const WebAssembly: { validate: (bytes: Uint8Array) => boolean };

/** To be called before anything is computed, once the backend is there. */
export function keepUnfused(): void {
  const { validate } = WebAssembly;
  WebAssembly.validate = () => false;
  try {
    np.array([1, 2]).add(1).dataSync();
  } finally {
    WebAssembly.validate = validate;
  }
}
