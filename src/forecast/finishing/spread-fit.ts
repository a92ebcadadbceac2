/**
 * By how much the counts of all channels together vary about their expectation, beyond what sampled courses do: a factor that
 * they share in each patch, of mean 1, whose variance is estimated from held-out counts.
 */
import { type ComputeDevice, Noise, type Tensor, tensor } from "../../compute/index.ts";
import type { Blend } from "../heads/blend.ts";
import type { FittedNetworks } from "../model/parameters.ts";
import { openForecastEmulator } from "../rollout/forecast-emulator.ts";
import { windowBatches } from "../windows/cut-windows.ts";
import { binsOf, type CountSequences } from "../windows/forecaster.ts";

const SAMPLES = 32;
/** Windows at most. */
const WINDOWS = 300;
/** The factor is taken for 1 with the information of that many windows. */
const RIDGE = 10;

/** Of the spikes of all channels in one patch: what was recorded, and the mean and variance of the samples. */
export interface PatchCount {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** Variances `[F]`. */
export async function fitSpread(
  { parameters, shape, blend }: FittedNetworks & { readonly blend: Blend },
  validation: CountSequences,
  device: ComputeDevice = "cpu",
): Promise<Tensor> {
  const { channels: C, patchBins: B, futurePatches: F } = shape;
  const options = { samples: SAMPLES, blend, spikeHistory: true, device };
  const emulator = openForecastEmulator(parameters, shape, options);
  const strideBins = Math.max(B, Math.ceil(binsOf(validation) / WINDOWS));
  const seen = Array.from({ length: F }, (): PatchCount[] => []);
  try {
    for (const batch of windowBatches(validation, { ...emulator.window, strideBins, batchSize: 32 })) {
      // A smaller batch at the end would need its own program.
      if (batch.size < 32 && seen[0].length > 0) break;
      const { counts } = await emulator.forecast(batch, Noise.of(0, "spread"));
      const spikesOf = (of: Float32Array, patch: number) =>
        of.subarray(patch * B * C, (patch + 1) * B * C).reduce((a, b) => a + b, 0);
      for (let n = 0; n < batch.size; n++)
        for (let f = 0; f < F; f++) {
          const sampled = Array.from({ length: SAMPLES }, (_, s) =>
            spikesOf(counts!, (n * SAMPLES + s) * F + f),
          );
          const mean = sampled.reduce((a, b) => a + b, 0) / SAMPLES;
          const variance = sampled.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (SAMPLES - 1);
          seen[f].push({ count: spikesOf(batch.future, n * F + f), mean, variance });
        }
    }
  } finally {
    await emulator.dispose();
  }
  return tensor([F], Float32Array.from(seen, spreadOf));
}

/**
 * The variance v of the factor. The squared error of the mean of S samples is expected to be variance * (1 + 1 / S) + v *
 * (the mean square of the rate): a regression on that through 0, windows weighted by the inverse square of both.
 */
export function spreadOf(seen: readonly PatchCount[]): number {
  let [above, square] = [0, RIDGE];
  for (const { count, mean, variance } of seen) {
    const squareRate = Math.max(0, mean ** 2 + variance - mean);
    const share = squareRate / (squareRate + mean + 1);
    above += (share * ((count - mean) ** 2 - variance * (1 + 1 / SAMPLES))) / (squareRate + mean + 1);
    square += share ** 2;
  }
  return Math.max(0, above / square);
}
