/**
 * How much of each brain's activity the others predict beyond its own past: bits per spike, held out. The instrument is
 * the same for every arm and knows no emulator: kernel ridge regression of every channel's counts on the brain's own
 * patch of the step before, and on that and all others' patches; scored as Poisson rates in three folds.
 *
 * Legend: R steps, N brains, Z latents, B bins, C channels, T steps that have one before them.
 */

import { choleskyFactor, substitute } from "../../math/linear.ts";
import { Random } from "../../math/random.ts";

export interface Listening {
  /** Bits per spike of each brain `[N]` that the others predict over its own past. */
  readonly fromOthers: number[];
  /** The same with the others' steps in random order: what the instrument makes of nothing. */
  readonly fromShuffled: number[];
  /** Bits per spike that a brain's own past predicts over its mean rates: what the others are measured on top of. */
  readonly fromOwn: number[];
}

const FOLDS = 3;
/** Steps that are listened to, at most: the work grows with their cube. */
const LONGEST = 160;
/** Variance of the noise in units of what the inputs explain. */
const RIDGE = 6;

/** What is listened to: steps without writes. */
export interface Heard {
  /** `[R, N, B, C]`; the datum's own bin is left out. */
  readonly counts: Float32Array;
  /** `[R, N, Z]` */
  readonly patches: Float32Array;
  readonly brains: number;
  readonly bins: number;
  readonly channels: number;
}

export function listen(heard: Heard, seed: number): Listening {
  const { counts, patches, brains, bins, channels } = heard;
  const steps = counts.length / (brains * bins * channels);
  const T = Math.min(steps, LONGEST) - 1;
  const Z = patches.length / (steps * brains);
  const kernels = Array.from({ length: brains }, (_, brain) => kernelOf(heard, brain, T, Z));
  const total = new Float64Array(T * T);
  for (const kernel of kernels) for (let i = 0; i < total.length; i++) total[i] += kernel[i];
  const [fromOthers, fromShuffled, fromOwn]: [number[], number[], number[]] = [[], [], []];
  const nothing = new Float64Array(T * T);
  kernels.forEach((own, brain) => {
    const activity = activityOf(heard, brain, T);
    const order = Random.of(seed, "listening", brain).permutation(T);
    const others = total.map((value, i) => (value - own[i]) / Math.max(1, brains - 1));
    const both = own.map((value, i) => value + others[i]);
    const shuffled = own.map((value, i) => value + others[order[Math.floor(i / T)] * T + order[i % T]]);
    const alone = ratesFrom(own, activity, T);
    fromOwn.push(bitsOver(alone, ratesFrom(nothing, activity, T), activity));
    fromOthers.push(bitsOver(ratesFrom(both, activity, T), alone, activity));
    fromShuffled.push(bitsOver(ratesFrom(shuffled, activity, T), alone, activity));
  });
  return { fromOthers, fromShuffled, fromOwn };
}

/** Inner products `[T, T]` of a brain's patches at the steps before, centred, over their mean square. */
function kernelOf({ patches, brains }: Heard, brain: number, T: number, Z: number): Float64Array {
  const mean = new Float64Array(Z);
  const at = (t: number, z: number) => patches[(t * brains + brain) * Z + z];
  for (let t = 0; t < T; t++) for (let z = 0; z < Z; z++) mean[z] += at(t, z) / T;
  const kernel = new Float64Array(T * T);
  let trace = 0;
  for (let t = 0; t < T; t++)
    for (let u = 0; u <= t; u++) {
      let sum = 0;
      for (let z = 0; z < Z; z++) sum += (at(t, z) - mean[z]) * (at(u, z) - mean[z]);
      kernel[t * T + u] = sum;
      kernel[u * T + t] = sum;
      if (t === u) trace += sum;
    }
  return trace === 0 ? kernel : kernel.map((value) => (value * T) / trace);
}

/** Spike counts `[T, C]` of the steps after the first. */
function activityOf({ counts, brains, bins, channels }: Heard, brain: number, T: number): Float64Array {
  const out = new Float64Array(T * channels);
  for (let t = 0; t < T; t++) {
    const row = ((t + 1) * brains + brain) * bins * channels;
    for (let bin = 1; bin < bins; bin++)
      for (let c = 0; c < channels; c++) out[t * channels + c] += counts[row + bin * channels + c];
  }
  return out;
}

/** Rates `[T, C]` predicted in folds: each third of the steps from the other two. */
function ratesFrom(kernel: Float64Array, activity: Float64Array, T: number): Float64Array {
  const C = activity.length / T;
  const rates = new Float64Array(activity.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const [from, to] = [Math.floor((fold * T) / FOLDS), Math.floor(((fold + 1) * T) / FOLDS)];
    const training = Int32Array.from([...Array(T).keys()].filter((t) => t < from || t >= to));
    const n = training.length;
    const gram = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) gram[i * n + j] = kernel[training[i] * T + training[j]];
      gram[i * n + i] += RIDGE;
    }
    const factor = choleskyFactor(gram, n);
    for (let c = 0; c < C; c++) {
      const own = Float64Array.from(training, (t) => activity[t * C + c]);
      const mean = own.reduce((sum, count) => sum + count / n, 0);
      const weights = substitute(
        factor,
        own.map((count) => count - mean),
      );
      for (let t = from; t < to; t++) {
        let rate = mean;
        for (let i = 0; i < n; i++) rate += weights[i] * kernel[t * T + training[i]];
        rates[t * C + c] = Math.max(rate, 0.2 * mean, 1e-3);
      }
    }
  }
  return rates;
}

/** Bits per spike of `rates` over `base` rates. */
function bitsOver(rates: Float64Array, base: Float64Array, activity: Float64Array): number {
  let [nats, spikes] = [0, 0];
  activity.forEach((count, i) => {
    nats += count * Math.log(rates[i] / base[i]) - rates[i] + base[i];
    spikes += count;
  });
  return spikes === 0 ? 0 : nats / spikes / Math.LN2;
}
