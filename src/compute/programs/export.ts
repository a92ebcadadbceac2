/** A trained function as a plain ONNX model, which other runtimes load. */
import type { Tensor, Tensors } from "../contract.ts";
import { lower } from "../lowering/lower.ts";
import { flattenTensors, leafPaths } from "../tensors/tree.ts";
import { trace } from "./trace.ts";
import { withWeights } from "./weights.ts";

/** An input or output of an exported model. */
export interface Port {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface PlainModel {
  readonly onnx: Uint8Array;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/**
 * The function of `weights` and `inputs` as an ONNX model that has the weights inside and only ONNX's own operators
 * (set 17). Its inputs and outputs are named by their paths in the trees, as `counts` or `rates`.
 */
export function plainModel<Weights, Inputs extends Record<string, unknown>, Out extends object>(
  fn: (weights: Weights, inputs: Inputs) => Out,
  weights: Tensors<Weights>,
  inputs: Tensors<Inputs>,
): PlainModel {
  const { traceable, release } = withWeights(fn, weights);
  const { jaxpr, constants, outputShape } = trace(traceable, [inputs]);
  release();
  const given = flattenTensors(inputs);
  const inputNames = leafPaths(given.shape);
  const outputNames = leafPaths(outputShape);
  const onnx = lower(jaxpr, constants, { portable: true, inputNames, outputNames });
  return {
    onnx,
    inputs: given.leaves.map(({ shape }: Tensor, i) => ({ name: inputNames[i], shape })),
    outputs: jaxpr.outs.map(({ aval }, i) => ({ name: outputNames[i], shape: aval.shape })),
  };
}
