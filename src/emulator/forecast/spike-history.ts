/**
 * The spike-history head: what a channel's own last bins say of its next one beyond the emulator's rate. A Poisson
 * regression per channel on top of the rates that the direct head forecast for the bin (so that no bin explains itself),
 * fitted by Newton's method: log rate = log forecast + offset + sum over l of weight[l] * min(count[t - l], 3).
 * Kapoor et al. 2024 use such a head on diffusion samples of rates, https://arxiv.org/abs/2407.08751.
 */
import { type CompileOptions, compile, type Tensor, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { choleskySolve } from "../../math/linear.ts";
import { encodeFeatures, type ForecastAutoencoder, forecastDirectly } from "./autoencoder.ts";
import type { ForecastParameters } from "./losses.ts";
import type { ForecastShape } from "./shape.ts";

export const HISTORY_BINS = 5;
const COUNT_LIMIT = 3;
const WINDOWS = 300;
/** Ridge on the weights, in units of the information of this many spikes. */
const RIDGE = 10;

export async function fitSpikeHistory(
  autoencoder: ForecastAutoencoder<Tensor>,
  sequences: readonly Uint8Array[],
  shape: ForecastShape,
  compute: CompileOptions,
): Promise<ForecastParameters["history"]> {
  const { channels: C, contextPatches, patchBins: B } = shape;
  const K = contextPatches * B;
  const length = (K + B) * C;
  const program = await compile(
    (p: ForecastAutoencoder<JaxArray>, counts: JaxArray) => {
      const last = np.split(encodeFeatures(p, counts, shape).features, [contextPatches - 1], 1)[1]!;
      return np.split(forecastDirectly(p, last, shape).reshape([shape.futurePatches * B, C]), [B], 0)[0]!;
    },
    [autoencoder, zeros([1, K, C])],
    compute,
  );
  const windows = sequences.flatMap((counts) =>
    Array.from({ length: Math.floor(counts.length / length) }, (_, i) =>
      counts.subarray(i * length, (i + 1) * length),
    ),
  );
  const every = Math.ceil(windows.length / WINDOWS);
  const chosen = windows.filter((_, i) => i % every === 0);
  const logRates: Float32Array[] = [];
  for (const window of chosen) {
    const past = Float32Array.from(window.subarray(0, K * C));
    logRates.push((await program.run(autoencoder, tensor([1, K, C], past))).data as Float32Array);
  }
  await program.dispose();

  const weight = new Float32Array(C * HISTORY_BINS);
  const offset = new Float32Array(C);
  for (let c = 0; c < C; c++) {
    const features: number[][] = [];
    const offsets: number[] = [];
    const counts: number[] = [];
    chosen.forEach((window, w) => {
      for (let b = 0; b < B; b++) {
        offsets.push(logRates[w]![b * C + c]!);
        counts.push(window[(K + b) * C + c]!);
        features.push([
          1,
          ...Array.from({ length: HISTORY_BINS }, (_, l) =>
            Math.min(COUNT_LIMIT, window[(K + b - 1 - l) * C + c]!),
          ),
        ]);
      }
    });
    const fitted = poissonRegression(features, offsets, counts, RIDGE);
    offset[c] = fitted[0]!;
    weight.set(fitted.slice(1), c * HISTORY_BINS);
  }
  return { weight: tensor([C, HISTORY_BINS], weight), offset: tensor([C], offset) };
}

/**
 * Coefficients `[P]` of log rate = offset + features . coefficients, `features [n, P]`, the first feature being 1 and
 * free of the ridge. Newton steps, at most 0.5 each, so that a channel with few spikes cannot run away.
 */
export function poissonRegression(
  features: readonly (readonly number[])[],
  offsets: readonly number[],
  counts: readonly number[],
  ridge: number,
): Float64Array {
  const P = features[0]?.length ?? 0;
  const beta = new Float64Array(P);
  for (let iteration = 0; iteration < 25; iteration++) {
    const gradient = new Float64Array(P);
    const hessian = new Float64Array(P * P);
    features.forEach((x, n) => {
      let eta = offsets[n]!;
      for (let i = 0; i < P; i++) eta += x[i]! * beta[i]!;
      const rate = Math.exp(Math.min(5, eta));
      for (let i = 0; i < P; i++) {
        gradient[i]! += (counts[n]! - rate) * x[i]!;
        for (let j = 0; j < P; j++) hessian[i * P + j]! += rate * x[i]! * x[j]!;
      }
    });
    for (let i = 0; i < P; i++) {
      const penalty = i === 0 ? 0.1 : ridge;
      gradient[i]! -= penalty * beta[i]!;
      hessian[i * P + i]! += penalty;
    }
    const step = choleskySolve(hessian, gradient);
    let largest = 0;
    for (let i = 0; i < P; i++) {
      const change = Math.max(-0.5, Math.min(0.5, step[i]!));
      beta[i]! += change;
      largest = Math.max(largest, Math.abs(change));
    }
    if (largest < 1e-6) break;
  }
  return beta;
}

/** The factor that a channel's own counts put on its rate: `recent[l]` is its count l + 1 bins ago. */
export function historyGain(
  { weight, offset }: ForecastParameters["history"],
  channel: number,
  recent: (lag: number) => number,
): number {
  let sum = offset.data[channel]!;
  for (let l = 0; l < HISTORY_BINS; l++)
    sum += weight.data[channel * HISTORY_BINS + l]! * Math.min(COUNT_LIMIT, recent(l + 1));
  return Math.exp(Math.max(-3, Math.min(3, sum)));
}
