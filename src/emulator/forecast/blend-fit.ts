/**
 * The blend that forecasts held-out data best: for every patch a Poisson regression of the counts on the three forecasts'
 * log rates about the mean, with weights that are not negative and a pull towards a prior blend (stacking: Breiman 1996,
 * https://doi.org/10.1007/BF00117832). A forecast that says nothing of new data gets no weight.
 */
import { type ComputeDevice, Noise } from "../../compute/index.ts";
import { meanRates } from "../scores/bits.ts";
import { type Blend, directBlend, type PatchBlend } from "./blend.ts";
import { type ChannelPast, forecastFromPast } from "./channel-past.ts";
import type { CountSequences } from "./contract.ts";
import { openForecastEmulator } from "./emulator.ts";
import type { ForecastParameters } from "./losses.ts";
import type { ForecastShape } from "./shape.ts";
import { windowBatches } from "./windows.ts";

const PRIOR: PatchBlend = { dreams: 0.25, direct: 0.25, past: 0.5 };
/** Strength of the prior, as the information of so many spikes. */
const PRIOR_SPIKES = 30;
/** Windows at most. */
const WINDOWS = 1000;
const ITERATIONS = 30;

export async function fitBlend(
  parameters: ForecastParameters & { past: ChannelPast },
  shape: ForecastShape,
  validation: CountSequences,
  device: ComputeDevice = "cpu",
): Promise<Blend> {
  const { channels: C, patchBins: B, futurePatches } = shape;
  const logMean = (parameters.past.mean.data as Float32Array).map(Math.log);
  const options = { samples: 16, device };
  const direct = openForecastEmulator(parameters, shape, {
    ...options,
    blend: directBlend(futurePatches, 1),
  });
  const dreams = openForecastEmulator(parameters, shape, {
    ...options,
    blend: directBlend(futurePatches, 0),
  });
  const bins = validation.sequences.reduce((sum, counts) => sum + counts.length / C, 0);
  const strideBins = Math.max(B, Math.ceil(bins / WINDOWS));
  const rows = Array.from({ length: futurePatches }, () => ({ logs: [], counts: [], means: [] }) as Rows);
  for (const batch of windowBatches(validation, { ...direct.window, strideBins, batchSize: 32 })) {
    const logs = [
      meanRates(await dreams.forecast(batch, Noise.of(0, "blend")), batch.size).map(Math.log),
      meanRates(await direct.forecast(batch, Noise.of(0, "blend")), batch.size).map(Math.log),
      forecastFromPast(parameters.past, batch, shape),
    ];
    batch.future.forEach((count, i) => {
      const { logs: about, counts, means } = rows[Math.floor((Math.floor(i / C) % (futurePatches * B)) / B)]!;
      const mean = logMean[i % C]!;
      for (const log of logs) about.push(log[i]! - mean);
      counts.push(count);
      means.push(mean);
    });
  }
  await direct.dispose();
  await dreams.dispose();
  return rows.map(stack);
}

/** `logs [n, 3]`: each forecast's log rate less the log mean. */
type Rows = { logs: number[]; counts: number[]; means: number[] };

/** Newton's method; each quadratic model is minimised over weights >= 0 by going through the coordinates. */
export function stack({ logs, counts, means }: Rows): PatchBlend {
  const prior = [PRIOR.dreams, PRIOR.direct, PRIOR.past];
  const K = prior.length;
  let weight = prior.slice();
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const gradient = prior.map((value, k) => PRIOR_SPIKES * (weight[k]! - value));
    const hessian = Array.from({ length: K * K }, (_, i) => (i % (K + 1) === 0 ? PRIOR_SPIKES : 0));
    counts.forEach((count, n) => {
      let eta = means[n]!;
      for (let k = 0; k < K; k++) eta += weight[k]! * logs[n * K + k]!;
      const rate = Math.exp(Math.min(5, eta));
      for (let k = 0; k < K; k++) {
        gradient[k]! += (rate - count) * logs[n * K + k]!;
        for (let j = 0; j < K; j++) hessian[k * K + j]! += rate * logs[n * K + k]! * logs[n * K + j]!;
      }
    });
    const next = weight.slice();
    for (let sweep = 0; sweep < 50; sweep++)
      for (let k = 0; k < K; k++) {
        let slope = gradient[k]!;
        for (let j = 0; j < K; j++) slope += hessian[k * K + j]! * (next[j]! - weight[j]!);
        next[k] = Math.max(0, next[k]! - slope / hessian[k * K + k]!);
      }
    const largest = Math.max(...next.map((value, k) => Math.abs(value - weight[k]!)));
    const damping = Math.min(1, 0.3 / Math.max(largest, 1e-12));
    weight = weight.map((value, k) => value + damping * (next[k]! - value));
    if (largest < 1e-4) break;
  }
  return { dreams: weight[0]!, direct: weight[1]!, past: weight[2]! };
}
