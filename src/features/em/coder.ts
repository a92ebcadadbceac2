/** The inference of sparse codes (kernel/inference.ts has the equations), a batch of windows at a time. */
import { kernelMemory, paddedTo } from "../memory.ts";

export interface InferenceOptions {
  readonly rounds: number;
  /** c, in spikes: what a code must clearly exceed to live. 0: no sparsity, which is non-negative factorisation. */
  readonly threshold: number;
}

/** Shares of the rounds at which the threshold begins to rise and is at its end. */
const RAMP = [0.4, 0.9] as const;
const LEAST = 1e-3;

/** Codes batches of at most `batch` windows of `width` counts by a dictionary of `features` rows. */
export class SparseCoder {
  readonly length: number;
  /** `[features, length]`, rows that sum to 1. */
  readonly dictionary: Float32Array;
  /** `[length]`, positive within `width`. */
  readonly background: Float32Array;
  /** `[batch, length]`: put counts here. */
  readonly counts: Float32Array;
  /** `[batch, features]` */
  readonly codes: Float32Array;
  /** Of `infer` with `learn`, sums over windows: a' (y / rate) `[features, length]`, y / rate `[length]`, windows in which each lives. */
  readonly gain: Float32Array;
  readonly backgroundGain: Float32Array;
  readonly use: Float32Array;
  /** Of each window: squared deviation over rate, summed over electrodes. */
  readonly surprise: Float32Array;
  private readonly memory;

  constructor(
    readonly width: number,
    readonly features: number,
    readonly batch: number,
  ) {
    const length = (this.length = paddedTo(width));
    const [K, L] = [features, length];
    this.memory = kernelMemory([K * L, L, batch * L, batch * K, K * L, L, K, batch, L, L, K]);
    const { arrays } = this.memory;
    [this.dictionary, this.background, this.counts, this.codes] = arrays;
    [this.gain, this.backgroundGain, this.use, this.surprise] = arrays.slice(4);
    this.background.fill(1);
  }

  /** Fills `codes` and `surprise` for the first `windows` rows of `counts`. */
  infer(windows: number, { rounds, threshold }: InferenceOptions, learn = false): void {
    const { kernel, buffer, arrays } = this.memory;
    const at = (array: Float32Array) => array.byteOffset;
    const [rate, ratio, live] = arrays.slice(8).map(at);
    const whole = new Int32Array(buffer, 0, 18);
    whole.set([windows, this.features, this.length, rounds]);
    whole.set([Math.floor(RAMP[0] * rounds), Math.floor(RAMP[1] * rounds), learn ? 1 : 0], 4);
    whole.set([this.counts, this.dictionary, this.background, this.codes].map(at), 7);
    whole.set([this.gain, this.backgroundGain, this.use, this.surprise].map(at), 11);
    whole.set([rate, ratio, live], 15);
    new Float32Array(buffer, 18 * 4, 2).set([threshold, LEAST]);
    if (learn) for (const sums of [this.gain, this.backgroundGain, this.use]) sums.fill(0);
    kernel.inferSparse(0);
  }
}
