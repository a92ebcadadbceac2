/**
 * AdamW: Adam with decoupled weight decay (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101), preceded by
 * clipping of the global gradient norm and followed, if asked for, by an exponential moving average of the parameters.
 *
 * It runs on the host, over all parameters as one vector: one pass over memory, where a graph of elementwise operators
 * takes a dozen passes and a dozen nodes per parameter; and the parameters never move between steps.
 */

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

/** One optimiser over one vector of parameters. All vectors are the caller's to read, save and overwrite. */
export class AdamW {
  /** Steps taken. */
  count = 0;
  readonly mean: Float32Array;
  readonly meanSquare: Float32Array;
  readonly ema: Float32Array | null;

  constructor(
    readonly options: OptimiserOptions,
    readonly params: Float32Array,
    readonly gradient: Float32Array,
    /** 1 where weight decay applies, 0 elsewhere, by range. */
    private readonly ranges: readonly { start: number; end: number; decays: boolean }[],
  ) {
    this.mean = new Float32Array(params.length);
    this.meanSquare = new Float32Array(params.length);
    this.ema = options.emaDecay === undefined ? null : params.slice();
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
    const norm = euclideanNorm(this.gradient);
    const scale = clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1;
    this.count++;
    const rate = learningRate / (1 - beta1 ** this.count);
    const unbias = 1 / (1 - beta2 ** this.count);
    const { params, gradient, mean, meanSquare } = this;
    for (const { start, end, decays } of this.ranges) {
      const keep = decays ? 1 - learningRate * weightDecay : 1;
      for (let i = start; i < end; i++) {
        const g = gradient[i]! * scale;
        const m = mean[i]! + (1 - beta1) * (g - mean[i]!);
        const v = meanSquare[i]! + (1 - beta2) * (g * g - meanSquare[i]!);
        mean[i] = m;
        meanSquare[i] = v;
        params[i] = params[i]! * keep - (rate * m) / (Math.sqrt(v * unbias) + epsilon);
      }
    }
    if (this.ema && emaDecay !== undefined) {
      const ema = this.ema;
      for (let i = 0; i < ema.length; i++) ema[i] = params[i]! + emaDecay * (ema[i]! - params[i]!);
    }
    return norm;
  }
}

/** In four interleaved sums, which is faster and more accurate than one. */
function euclideanNorm(values: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * values[i]!;
    b += values[i + 1]! * values[i + 1]!;
    c += values[i + 2]! * values[i + 2]!;
    d += values[i + 3]! * values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * values[i]!;
  return Math.sqrt(a + b + (c + d));
}
