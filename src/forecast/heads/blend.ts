/**
 * How several forecasts become one: a logarithmic pool (Genest & Zidek 1986, https://doi.org/10.1214/ss/1177013825). The log of
 * a rate is that of the channel's mean rate and a weighted sum of what each part predicts above it,
 *
 * log rate = log mean + offset + sum over parts of weight * log(part / mean),
 *
 * patch by patch. The weights need not add up to 1: parts that are each conservative are too conservative together.
 */

import type { ForecastShape } from "../windows/forecast-shape.ts";
import type { WindowBatch } from "../windows/forecaster.ts";
import { type ChannelPast, forecastFromPast } from "./channel-past.ts";

/** The ones that networks compute, and those that do without. */
export const PARTS = ["direct", "dreams", "recurrent", "past", "recent", "context"] as const;
type PlainPart = "past" | "recent" | "context";

export type PatchBlend = Readonly<Record<(typeof PARTS)[number] | "offset", number>>;

/** One for each future patch. */
export type Blend = readonly PatchBlend[];

const NOTHING: PatchBlend = {
  direct: 0,
  dreams: 0,
  recurrent: 0,
  past: 0,
  recent: 0,
  context: 0,
  offset: 0,
};

/** The same for all patches: the weights given, and none of the rest. */
export function blendOf(patches: number, weights: Partial<PatchBlend>): Blend {
  return Array.from({ length: patches }, () => ({ ...NOTHING, ...weights }));
}

/**
 * The variational networks alone, dreams and direct head evenly: better than either on a population whose rates are known,
 * by 1 to 2 % of the achievable bits at the far patches.
 */
export function neuralBlend(patches: number): Blend {
  return blendOf(patches, { direct: 0.5, dreams: 0.5 });
}

/** The share of a history that counts as recent: half a second of two. */
const RECENT = 0.25;
/** Added to means of a history, in units of the mean rate: a silence of that length does not mean that the channel stays silent. */
const FLOOR = { recent: 0.5, context: 0.2 };
const LEAST_LOG = Math.log(0.02);

/** Log of the mean counts `[N, C]` of the last part of each history, and of all of it, over the mean rates. */
function historyMeans(
  { size: N, history }: Pick<WindowBatch, "size" | "history">,
  mean: ArrayLike<number>,
  { channels: C, patchBins: B, contextPatches }: ForecastShape,
): { recent: Float32Array; context: Float32Array } {
  const H = contextPatches * B;
  const recentBins = Math.max(1, Math.round(RECENT * H));
  const [recent, context] = [new Float32Array(N * C), new Float32Array(N * C)];
  for (let n = 0; n < N; n++)
    for (let h = 0; h < H; h++)
      for (let c = 0; c < C; c++) {
        const count = history[(n * H + h) * C + c];
        context[n * C + c] += count / H;
        if (h >= H - recentBins) recent[n * C + c] += count / recentBins;
      }
  const above = (of: Float32Array, floor: number) =>
    of.map((value, i) => Math.log((value / mean[i % C] + floor) / (1 + floor)));
  return { recent: above(recent, FLOOR.recent), context: above(context, FLOOR.context) };
}

/** Log of a part over the mean rate, with a floor, so that no part can be certain of silence. */
export function aboveMean(logRate: number, logMean: number): number {
  return Math.max(LEAST_LOG, logRate - logMean);
}

/** What every part that needs no network predicts above the mean, `[N, F, C]`. */
export function plainParts(
  past: ChannelPast,
  batch: Pick<WindowBatch, "size" | "history" | "slow">,
  shape: ForecastShape,
): Record<PlainPart, Float32Array> {
  const { channels: C, patchBins, futurePatches } = shape;
  const F = futurePatches * patchBins;
  const mean = past.mean.data;
  const { recent, context } = historyMeans(batch, mean, shape);
  const spread = (of: Float32Array) =>
    Float32Array.from({ length: batch.size * F * C }, (_, i) => of[Math.floor(i / (F * C)) * C + (i % C)]);
  return {
    past: forecastFromPast(past, batch, shape).map((log, i) => aboveMean(log, Math.log(mean[i % C]))),
    recent: spread(recent),
    context: spread(context),
  };
}

/**
 * The part of the log rate `[N, F, C]` that needs no network. Zeros without a channel-past head, which knows the mean rates:
 * then networks are weighted as they are, and their weights should add up to 1.
 */
export function plainLogRates(
  past: ChannelPast | undefined,
  blend: Blend,
  batch: Pick<WindowBatch, "size" | "history" | "slow">,
  shape: ForecastShape,
): Float32Array {
  const { channels: C, patchBins: B, futurePatches } = shape;
  const F = futurePatches * B;
  if (!past) return new Float32Array(batch.size * F * C);
  const out = forecastFromPast(past, batch, shape);
  const logMean = Float64Array.from(past.mean.data, Math.log);
  const { recent, context } = historyMeans(batch, past.mean.data, shape);
  for (let n = 0; n < batch.size; n++)
    for (let f = 0; f < F; f++) {
      const weight = blend[Math.floor(f / B)];
      const ofMean = 1 - weight.direct - weight.dreams - weight.recurrent;
      for (let c = 0; c < C; c++) {
        const i = (n * F + f) * C + c;
        out[i] =
          ofMean * logMean[c] +
          weight.offset +
          weight.past * aboveMean(out[i], logMean[c]) +
          weight.recent * recent[n * C + c] +
          weight.context * context[n * C + c];
      }
    }
  return out;
}
