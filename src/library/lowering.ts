/**
 * `wetgrad/lowering`: functions of jax-js (https://github.com/ekzhang/jax-js) as ONNX models, gradients among them, for whoever
 * wants to run them with ONNX Runtime.
 */
import { type LowerOptions, lower, UnsupportedPrimitive } from "../compute/lowering/lower.ts";
import { originOf } from "../compute/programs/origin.ts";
import { type ModelFunction, trace } from "../compute/programs/trace.ts";

export type { CompileOptions, ComputeDevice, Program, Tensor, TensorTree } from "../compute/contract.ts";
export { compile } from "../compute/programs/compile.ts";
export { scalar, tensor, zeros } from "../compute/tensors/tensor.ts";
export { type LowerOptions, lower, type ModelFunction, UnsupportedPrimitive };

/**
 * The ONNX model of `fn`, for arguments shaped like `examples` (trees of tensors; only shapes and element types are read). Inputs are
 * the leaves of the arguments in order, named `i0`, `i1`, ...; outputs those of the result, `o0`, `o1`, ...
 *
 * @param fn a pure function on jax-js arrays; it is called once, to be traced, and owns its arguments as often as it uses them
 * @returns the bytes of the model: operator set 21, or 17 with `portable`
 * @throws UnsupportedPrimitive where `fn` uses a primitive that has no rule; it names the line that called it
 */
export function onnxOf(
  fn: ModelFunction,
  examples: readonly unknown[],
  options: LowerOptions = {},
): Uint8Array {
  const { jaxpr, constants } = trace(fn, examples);
  try {
    return lower(jaxpr, constants, options);
  } catch (error) {
    if (!(error instanceof UnsupportedPrimitive)) throw error;
    throw new UnsupportedPrimitive(error.primitive, error.types, originOf(fn, examples, error.primitive));
  }
}
