/**
 * AdamW: Adam with decoupled weight decay (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101), preceded by
 * clipping of the global gradient norm and followed, if asked for, by an exponential moving average of the parameters.
 *
 * It runs on the host, over all parameters as one vector: one pass over memory, where a graph of elementwise operators
 * takes a dozen passes and a dozen nodes per parameter; and the parameters never move between steps.
 */
import { type OptimiserKernel, optimiserMemory } from "./optimiser-memory.ts";

export interface OptimiserOptions {
  /** Decay of the mean of the gradients; default 0.9. */
  beta1?: number;
  /** Decay of the mean of their squares; default 0.999. */
  beta2?: number;
  /** Added to the root of the mean square; default 1e-8. */
  epsilon?: number;
  /** Decoupled weight decay per unit of learning rate; default 0. Applied to tensors of two or more axes only. */
  weightDecay?: number;
  /** Gradients whose global norm exceeds this are scaled down to it; default: no clipping. */
  clipNorm?: number;
  /** Keeps a moving average of the parameters with this decay; default: none. */
  emaDecay?: number;
}

/** What decays and what does not; ranges start at multiples of four, and what lies between them is zero. */
export type DecayRange = { readonly start: number; readonly end: number; readonly decays: boolean };

/** One optimiser, and the vectors it works on. They are the caller's to read, save and overwrite. */
export class AdamW {
  /** Steps taken. */
  count = 0;
  readonly params: Float32Array;
  /** The caller writes it before each step. */
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly meanSquare: Float32Array;
  readonly ema: Float32Array | null;
  private readonly kernel: OptimiserKernel;

  /** `length` is a multiple of four. */
  constructor(
    readonly options: OptimiserOptions,
    private readonly length: number,
    private readonly ranges: readonly DecayRange[],
  ) {
    const { kernel, vectors } = optimiserMemory(options.emaDecay === undefined ? 4 : 5, length);
    const [params, gradient, mean, meanSquare, ema] = vectors;
    this.kernel = kernel;
    this.params = params!;
    this.gradient = gradient!;
    this.mean = mean!;
    this.meanSquare = meanSquare!;
    this.ema = ema ?? null;
  }

  /** Forgets the past: moments to zero, the average to the present parameters. */
  reset(): void {
    this.count = 0;
    this.mean.fill(0);
    this.meanSquare.fill(0);
    this.ema?.set(this.params);
  }

  /** One step along `gradient`. Returns the norm of the gradient before clipping. */
  step(learningRate: number): number {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, clipNorm, emaDecay } = this.options;
    const { kernel, params, gradient, ema, length } = this;
    const norm = Math.sqrt(kernel.sumOfSquares(gradient.byteOffset, length));
    const scale = clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1;
    this.count++;
    const rate = learningRate / (1 - beta1 ** this.count);
    const unbias = 1 / (1 - beta2 ** this.count);
    const numbers = { scale, gain1: 1 - beta1, gain2: 1 - beta2, rate, unbias, epsilon };
    for (const { start, end, decays } of this.ranges) {
      const keep = decays ? 1 - learningRate * weightDecay : 1;
      kernel.adamW({ ...numbers, keep }, start, 4 * Math.ceil(end / 4));
    }
    if (ema && emaDecay !== undefined) kernel.follow(ema.byteOffset, params.byteOffset, length, 1 - emaDecay);
    return norm;
  }
}
