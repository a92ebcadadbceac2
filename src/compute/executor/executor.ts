/** What every executor offers: a flat program, from lists of tensors to lists of tensors. */
import type { Tensor } from "../contract.ts";

export interface FlatProgram {
  /** Runs once. Where `outputs` are given, the results are written into their data. */
  run(inputs: readonly Tensor[], outputs?: readonly Tensor[]): Promise<Tensor[]>;
  /** The same again and again: what lies in `inputs` is read, and the results are written into the data of `outputs`. */
  bind(inputs: readonly Tensor[], outputs: readonly Tensor[]): () => Promise<void>;
  readonly onnx: Uint8Array | null;
  dispose(): Promise<void>;
}
