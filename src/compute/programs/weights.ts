/** A function of weights and inputs as a function of the inputs alone, with the weights inside. */
import type { Tensors } from "../contract.ts";
import { flattenTensors, unflatten } from "../tensors/tree.ts";
import { type ModelFunction, writeArray } from "./trace.ts";

/** `release` frees the weights; the function must not be traced or run after it. */
export function withWeights<Weights, Inputs, Out>(
  fn: (weights: Weights, inputs: Inputs) => Out,
  weights: Tensors<Weights>,
): { traceable: ModelFunction; release(): void } {
  const { leaves, shape } = flattenTensors(weights);
  const arrays = leaves.map(writeArray);
  const held = unflatten(shape, arrays) as Weights;
  return {
    traceable: ((inputs: Inputs) => fn(held, inputs)) as ModelFunction,
    release: () => {
      for (const array of arrays) array.dispose();
    },
  };
}
