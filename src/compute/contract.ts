/**
 * What compute offers to the rooms above it: tensors as plain typed arrays, and programs compiled from pure
 * functions written against `@jax-js/jax`.
 */

/** A dense row-major array. `data.length` is the product of `shape` (1 for a scalar, shape `[]`). */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint32Array | Uint8Array;
}

/** A tree of tensors; a `type`, not an interface, so that jax-js can walk it. */
export type TensorTree = Tensor | { [key: string]: TensorTree } | TensorTree[];

/** Which executor runs a program. */
export type ComputeDevice = "cpu" | "webgpu" | "cuda" | "jaxjs";
