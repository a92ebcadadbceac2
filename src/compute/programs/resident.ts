/**
 * A program that is run again and again and must answer soon: its weights are inside, where the executor lays them out
 * for its kernels once, and its inputs and outputs stay where they are, so that a run allocates nothing of its own.
 */

import type { CompileOptions, Tensor, Tensors } from "../contract.ts";
import { allocate, sizeOf } from "../tensors/tensor.ts";
import { flattenTensors, unflatten } from "../tensors/tree.ts";
import { compileFlat } from "./compile.ts";
import { withWeights } from "./weights.ts";

export interface ResidentProgram<Inputs, Out> {
  /** What the next run reads: the caller writes into it. Zeros at first. */
  readonly inputs: Tensors<Inputs>;
  /** What the last run wrote. */
  readonly outputs: Tensors<Out>;
  run(): Promise<void>;
  dispose(): Promise<void>;
}

/** @param inputs an example: only shapes and element types are read. */
export async function residentProgram<Weights, Inputs, Out>(
  fn: (weights: Weights, inputs: Inputs) => Out,
  weights: Tensors<Weights>,
  inputs: NoInfer<Tensors<Inputs>>,
  options: CompileOptions = {},
): Promise<ResidentProgram<Inputs, Out>> {
  const { traceable, release } = withWeights(fn, weights);
  const { flat, outputShape, outputs } = await compileFlat(traceable, [inputs], options);
  const example = flattenTensors(inputs);
  const given = example.leaves.map(({ shape, data }): Tensor => {
    const fresh = data.slice().fill(0);
    return { shape, data: fresh };
  });
  const made = outputs.map(({ shape, type }): Tensor => ({ shape, data: allocate(type, sizeOf(shape)) }));
  const run = flat.bind(given, made);
  return {
    inputs: unflatten(example.shape, given) as Tensors<Inputs>,
    outputs: unflatten(outputShape, made) as Tensors<Out>,
    run,
    async dispose() {
      await flat.dispose();
      release();
    },
  };
}
