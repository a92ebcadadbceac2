/**
 * The blend that forecasts held-out data best: for every patch the weights that maximise the Poisson likelihood of the
 * counts under the weighted sum of the parts (stacking: Breiman 1996, https://doi.org/10.1007/BF00117832), by
 * expectation-maximisation with a gamma prior about a blend that is good for most recordings.
 */
import { type ComputeDevice, Noise, type Tensor } from "../../compute/index.ts";
import {
  type Blend,
  neuralBlend,
  PARTS,
  type PatchBlend,
  plainParts,
  recurrentBlend,
} from "../forecast/blend.ts";
import type { ChannelPast } from "../forecast/channel-past.ts";
import type { CountSequences, Forecaster } from "../forecast/contract.ts";
import { openForecastEmulator } from "../forecast/emulator.ts";
import type { ForecastParameters } from "../forecast/losses.ts";
import type { ForecastShape } from "../forecast/shape.ts";
import { windowBatches } from "../forecast/windows.ts";
import type { Gru } from "../recurrent.ts";
import { meanRates } from "../scores/bits.ts";

const PRIOR: PatchBlend = {
  ...{ neural: 0.25, recurrent: 0.25, past: 0.3 },
  ...{ recent: 0.05, context: 0.05, mean: 0.1 },
};
/** Strength of the prior, in spikes. */
const PRIOR_SPIKES = 60;
/** Windows at most. */
const WINDOWS = 500;
const ITERATIONS = 200;

/** Where `validation` holds no window, the prior. */
export async function fitBlend(
  parameters: ForecastParameters & { past: ChannelPast; recurrent: Gru<Tensor> },
  shape: ForecastShape,
  validation: CountSequences,
  device: ComputeDevice = "cpu",
): Promise<Blend> {
  const { channels: C, patchBins: B, futurePatches } = shape;
  const open = (samples: number, blend: Blend) =>
    openForecastEmulator(parameters, shape, { samples, device, blend });
  const networks = open(16, neuralBlend(futurePatches));
  const recurrent = open(2, recurrentBlend(futurePatches));
  const bins = validation.sequences.reduce((sum, counts) => sum + counts.length / C, 0);
  const strideBins = Math.max(B, Math.ceil(bins / WINDOWS));
  const patches = Array.from({ length: futurePatches }, () => ({
    rates: PARTS.map(() => [] as number[]),
    counts: [] as number[],
  }));
  for (const batch of windowBatches(validation, { ...networks.window, strideBins, batchSize: 32 })) {
    // A smaller batch at the end would need programs of its own.
    if (batch.size < 32 && patches[0]!.counts.length > 0) break;
    const expected = async (of: Forecaster) =>
      meanRates(await of.forecast(batch, Noise.of(0, "blend")), batch.size);
    const parts = {
      ...{ neural: await expected(networks), recurrent: await expected(recurrent) },
      ...plainParts(parameters.past, batch, shape),
    };
    batch.future.forEach((count, i) => {
      const { rates, counts } = patches[Math.floor((Math.floor(i / C) % (futurePatches * B)) / B)]!;
      PARTS.forEach((name, k) => {
        rates[k]!.push(parts[name][i]!);
      });
      counts.push(count);
    });
  }
  await networks.dispose();
  await recurrent.dispose();
  return patches.map(({ rates, counts }) => {
    const prior = PARTS.map((name) => PRIOR[name]);
    const weights = poolWeights(rates, counts, prior, PRIOR_SPIKES);
    return Object.fromEntries(PARTS.map((name, k) => [name, weights[k]!])) as PatchBlend;
  });
}

/**
 * Weights `[K]` of `rates [K][n]` whose weighted sum makes `counts [n]` likeliest as Poisson counts; the prior is
 * Gamma(1 + strength * prior, strength) for each.
 */
export function poolWeights(
  rates: readonly (readonly number[])[],
  counts: readonly number[],
  prior: readonly number[],
  strength: number,
): number[] {
  // A bin without a spike enters by the totals alone.
  const spikes = counts.flatMap((count, n) => (count > 0 ? [n] : []));
  const totals = rates.map((rate) => rate.reduce((a, b) => a + b, 0));
  let weight = prior.slice();
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const share = new Float64Array(rates.length);
    for (const n of spikes) {
      let sum = 1e-12;
      for (let k = 0; k < rates.length; k++) sum += weight[k]! * rates[k]![n]!;
      for (let k = 0; k < rates.length; k++) share[k]! += (counts[n]! * weight[k]! * rates[k]![n]!) / sum;
    }
    const next = weight.map((_, k) => (share[k]! + strength * prior[k]!) / (totals[k]! + strength));
    const largest = Math.max(...next.map((value, k) => Math.abs(value - weight[k]!)));
    weight = next;
    if (largest < 1e-4) break;
  }
  return weight;
}
