/**
 * What compute offers to the rooms above it: tensors as plain typed arrays, and programs compiled from pure
 * functions written against `@jax-js/jax`.
 */
import type { Array as JaxArray } from "@jax-js/jax";

/** The typed arrays a tensor may hold: float32, int32, uint32, and bool (0 or 1) as bytes. */
export type TensorData = Float32Array | Int32Array | Uint32Array | Uint8Array;

/** A dense row-major array. `data.length` is the product of `shape` (1 for a scalar, shape `[]`). */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** A tree of tensors; a `type`, not an interface, so that jax-js can walk it. */
export type TensorTree = Tensor | { [key: string]: TensorTree } | TensorTree[];

/** A tree of jax-js arrays: what a model function takes and returns. */
export type ArrayTree = JaxArray | { [key: string]: ArrayTree } | ArrayTree[];

/** The tree of tensors that stands outside a program for the tree of arrays `T` inside it. */
export type Tensors<T> = T extends JaxArray ? Tensor : { [Key in keyof T]: Tensors<T[Key]> };

/**
 * Which executor runs a program. `cpu`: ONNX Runtime, native where it is installed, else in WebAssembly, else jax-js; `wasm`: that
 * in WebAssembly, wherever.
 */
export const COMPUTE_DEVICES = ["cpu", "wasm", "webgpu", "cuda", "jaxjs"] as const;
export type ComputeDevice = (typeof COMPUTE_DEVICES)[number];

export interface CompileOptions {
  /** Default `cpu`. */
  device?: ComputeDevice;
  /** Threads of one program on `cpu`; default 1 (cultures are run in parallel by workers, not by programs). */
  threads?: number;
}

/** A compiled function: the same tree shapes as its examples, on plain typed arrays. */
export interface Program<Args extends unknown[] = TensorTree[], Out = TensorTree> {
  readonly device: ComputeDevice;
  /** Inputs must have the shapes of the examples. The result is the caller's own: nothing is reused. */
  run(...args: { [Key in keyof Args]: Tensors<Args[Key]> }): Promise<Tensors<Out>>;
  /** The ONNX bytes, on the executors that have them. */
  readonly onnx: Uint8Array | null;
  /** Lets go of what was built; the last to do so leaves it to be found again for a while. */
  dispose(): Promise<void>;
}
