/**
 * The blend that forecasts held-out data best: the weights of the logarithmic pool under which the counts are most likely, by
 * Poisson regression on what each part predicts (stacking: Breiman 1996, https://doi.org/10.1007/BF00117832). First one set of
 * weights for all patches, regularised towards a blend that is good for most recordings; then each patch's own, regularised
 * towards that. How strongly depends on how much information the data hold: a minute with three bursts holds little, however
 * many spikes those have.
 */
import { type ComputeDevice, Noise, type Tensor } from "../../compute/index.ts";
import type { Gru } from "../../networks/recurrent.ts";
import { aboveMean, type Blend, blendOf, PARTS, type PatchBlend, plainParts } from "../heads/blend.ts";
import type { ChannelPast } from "../heads/channel-past.ts";
import { dampedPoissonRegression } from "../heads/poisson-regression.ts";
import type { ForecastParameters } from "../model/parameters.ts";
import { openForecastEmulator } from "../rollout/forecast-emulator.ts";
import { meanRates } from "../scores/bits.ts";
import { windowBatches } from "../windows/cut-windows.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import { binsOf, type CountSequences, type Forecaster } from "../windows/forecaster.ts";
import { designEffect } from "./design-effect.ts";

const PRIOR: PatchBlend = {
  direct: 0.3,
  dreams: 0.1,
  recurrent: 0.4,
  past: 0.3,
  recent: 0,
  context: 0,
  offset: 0,
};
/**
 * Standard deviations: of the shared weights and the offset about the prior, and of each patch's weights about the shared ones.
 * Of those tried the best at forecasting one half of the validation part of 19 recordings by the other.
 */
const DEVIATION = { weight: 0.1, offset: 0.05, patch: 0.1 };
/** Windows at most. */
const WINDOWS = 300;

/** Where `validation` holds no window, the prior. */
export async function fitBlend(
  parameters: HeadParameters,
  shape: ForecastShape,
  validation: CountSequences,
  device: ComputeDevice = "cpu",
): Promise<Blend> {
  const patches = await poolData(parameters, shape, validation, device);
  return poolWeights(patches, [PRIOR.offset, ...PARTS.map((name) => PRIOR[name])]).map(
    ([offset, ...weights]) =>
      ({ offset, ...Object.fromEntries(PARTS.map((name, k) => [name, weights[k]])) }) as PatchBlend,
  );
}

type HeadParameters = ForecastParameters & { past: ChannelPast; recurrent: Gru<Tensor> };

/** What each part predicts for every bin and channel of the validation part, for each future patch. */
async function poolData(
  parameters: HeadParameters,
  shape: ForecastShape,
  validation: CountSequences,
  device: ComputeDevice = "cpu",
): Promise<PoolData[]> {
  const { channels: C, patchBins: B, futurePatches: F } = shape;
  const only = (part: "direct" | "dreams" | "recurrent", samples: number) =>
    openForecastEmulator(parameters, shape, { samples, device, blend: blendOf(F, { [part]: 1 }) });
  const networks = { direct: only("direct", 2), dreams: only("dreams", 16), recurrent: only("recurrent", 2) };
  const strideBins = Math.max(B, Math.ceil(binsOf(validation) / WINDOWS));
  const logMean = Float64Array.from(parameters.past.mean.data, Math.log);
  const patches = Array.from({ length: F }, (): PoolData => ({ features: [], counts: [], offset: [] }));
  try {
    for (const batch of windowBatches(validation, { ...networks.direct.window, strideBins, batchSize: 32 })) {
      // A smaller batch at the end would need its own programs.
      if (batch.size < 32 && patches[0].counts.length > 0) break;
      const above = async (of: Forecaster) =>
        meanRates(await of.forecast(batch, Noise.of(0, "blend")), batch.size).map((rate, i) =>
          aboveMean(Math.log(rate), logMean[i % C]),
        );
      const parts = {
        direct: await above(networks.direct),
        dreams: await above(networks.dreams),
        recurrent: await above(networks.recurrent),
        ...plainParts(parameters.past, batch, shape),
      };
      batch.future.forEach((count, i) => {
        const { features, counts, offset } = patches[Math.floor((Math.floor(i / C) % (F * B)) / B)];
        features.push(1, ...PARTS.map((name) => parts[name][i]));
        counts.push(count);
        offset.push(logMean[i % C]);
      });
    }
  } finally {
    for (const network of Object.values(networks)) await network.dispose();
  }
  return patches;
}

/** Of one patch: features `[n, P]` (the first constant), counts `[n]` and the log mean counts `[n]` that features are above. */
export interface PoolData {
  readonly features: number[];
  readonly counts: number[];
  readonly offset: number[];
}

/** Weights `[P]` of every patch; `prior [P]`. All patches are at the same times. */
export function poolWeights(patches: readonly PoolData[], prior: readonly number[]): number[][] {
  const fitted = (data: readonly PoolData[], from: readonly number[], deviations: readonly number[]) => {
    const features = Float64Array.from(data.flatMap((patch) => patch.features));
    const counts = Float64Array.from(data.flatMap((patch) => patch.counts));
    if (counts.length === 0) return from.slice();
    const P = from.length;
    const offset = Float64Array.from(data.flatMap((patch) => patch.offset));
    for (let n = 0; n < counts.length; n++)
      for (let k = 0; k < P; k++) offset[n] += features[n * P + k] * from[k];
    const effect = designEffect(data, from);
    const ridge = deviations.map((deviation) => effect / deviation ** 2);
    const change = dampedPoissonRegression({ features, counts, offset }, ridge);
    return from.map((value, k) => value + change[k]);
  };
  const { weight, offset, patch: own } = DEVIATION;
  const shared = fitted(
    patches,
    prior,
    prior.map((_, k) => (k === 0 ? offset : weight)),
  );
  return patches.map((patch) =>
    fitted(
      [patch],
      shared,
      prior.map(() => own),
    ),
  );
}
