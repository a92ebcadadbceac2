/** x W' + b for a batch of rows, by the kernel. */
import { type KernelMemory, kernelMemory, paddedTo } from "./memory.ts";

export class Affine {
  /** `[outputs, length]`, `[outputs]`, `[batch, length]`, `[batch, outputs]`: rows are padded with zeros to `length`. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly inputs: Float32Array;
  readonly out: Float32Array;
  readonly length: number;
  private readonly memory: KernelMemory;
  private readonly outputs: number;
  private readonly width: number;

  /** @param weights `[outputs, width]` @param bias `[outputs]` */
  constructor(
    weights: Float32Array,
    bias: Float32Array,
    { width, batch }: { readonly width: number; readonly batch: number },
  ) {
    const K = (this.outputs = bias.length);
    const L = (this.length = paddedTo(width));
    this.width = width;
    this.memory = kernelMemory([K * L, K, batch * L, batch * K]);
    [this.weights, this.bias, this.inputs, this.out] = this.memory.arrays;
    for (let k = 0; k < K; k++) this.weights.set(weights.subarray(k * width, (k + 1) * width), k * L);
    this.bias.set(bias);
  }

  /** Of `count` rows, `[count, width]`; the result, `[count, outputs]`, lies there until the next call. */
  apply(rows: Float32Array, count: number): Float32Array {
    for (let n = 0; n < count; n++)
      this.inputs.set(rows.subarray(n * this.width, (n + 1) * this.width), n * this.length);
    return this.applyToInputs(count);
  }

  /** Of the first `count` rows of `inputs`. */
  applyToInputs(count: number): Float32Array {
    const sizes = new Int32Array(this.memory.buffer, 0, 7);
    sizes.set([count, this.outputs, this.length]);
    sizes.set(
      [this.inputs, this.weights, this.bias, this.out].map(({ byteOffset }) => byteOffset),
      3,
    );
    this.memory.kernel.affine(0);
    return this.out.subarray(0, count * this.outputs);
  }
}
