/**
 * How several forecasts become one: expected counts are a weighted sum (a linear pool), patch by patch,
 * rate = neural * (the variational networks' rate) + recurrent * (recurrent head) + past * (channel-past head) + recent * (mean of the last half second) +
 * context * (mean of the whole context) + mean * (mean rate). What says nothing of new data gets no weight, and no forecast
 * can ruin the sum by being sure and wrong.
 */
import { type ChannelPast, forecastFromPast } from "./channel-past.ts";
import type { WindowBatch } from "./contract.ts";
import type { ForecastShape } from "./shape.ts";

export const PARTS = ["neural", "recurrent", "past", "recent", "context", "mean"] as const;

export type PatchBlend = Readonly<Record<(typeof PARTS)[number], number>>;

/** One for each patch to come. */
export type Blend = readonly PatchBlend[];

const NOTHING: PatchBlend = { neural: 0, recurrent: 0, past: 0, recent: 0, context: 0, mean: 0 };

/** The variational networks (dreams and direct head) alone. */
export function neuralBlend(patches: number): Blend {
  return Array.from({ length: patches }, () => ({ ...NOTHING, neural: 1 }));
}

export function recurrentBlend(patches: number): Blend {
  return Array.from({ length: patches }, () => ({ ...NOTHING, recurrent: 1 }));
}

/** The share of a history that counts as recent: half a second of two. */
const RECENT = 0.25;

/** Mean counts `[N, C]` of the last part of each history, and of all of it. */
function historyMeans(
  { size: N, history }: Pick<WindowBatch, "size" | "history">,
  { channels: C, patchBins: B, contextPatches }: ForecastShape,
): { recent: Float32Array; context: Float32Array } {
  const H = contextPatches * B;
  const recentBins = Math.max(1, Math.round(RECENT * H));
  const [recent, context] = [new Float32Array(N * C), new Float32Array(N * C)];
  for (let n = 0; n < N; n++)
    for (let h = 0; h < H; h++)
      for (let c = 0; c < C; c++) {
        const count = history[(n * H + h) * C + c]!;
        context[n * C + c]! += count / H;
        if (h >= H - recentBins) recent[n * C + c]! += count / recentBins;
      }
  return { recent, context };
}

/** Expected counts `[N, F, C]` of every part but the networks. */
export function plainParts(
  past: ChannelPast,
  batch: Pick<WindowBatch, "size" | "history">,
  shape: ForecastShape,
): Record<Exclude<(typeof PARTS)[number], "neural" | "recurrent">, Float32Array> {
  const { channels: C, patchBins, futurePatches } = shape;
  const F = futurePatches * patchBins;
  const { recent, context } = historyMeans(batch, shape);
  const spread = (of: (n: number, c: number) => number) =>
    Float32Array.from({ length: batch.size * F * C }, (_, i) => of(Math.floor(i / (F * C)), i % C));
  return {
    past: forecastFromPast(past, batch, shape).map(Math.exp),
    recent: spread((n, c) => recent[n * C + c]!),
    context: spread((n, c) => context[n * C + c]!),
    mean: spread((_, c) => past.mean.data[c]!),
  };
}

/** Weighted sum `[N, F, C]` of every part but the networks; zeros without a channel-past head. */
export function plainRates(
  past: ChannelPast | undefined,
  blend: Blend,
  batch: Pick<WindowBatch, "size" | "history">,
  shape: ForecastShape,
): Float32Array {
  const { channels: C, patchBins: B, futurePatches } = shape;
  const F = futurePatches * B;
  if (!past) return new Float32Array(batch.size * F * C);
  const out = forecastFromPast(past, batch, shape);
  const { recent, context } = historyMeans(batch, shape);
  for (let n = 0; n < batch.size; n++)
    for (let f = 0; f < F; f++) {
      const weight = blend[Math.floor(f / B)]!;
      for (let c = 0; c < C; c++) {
        const i = (n * F + f) * C + c;
        out[i] =
          weight.past * Math.exp(out[i]!) +
          weight.recent * recent[n * C + c]! +
          weight.context * context[n * C + c]! +
          weight.mean * past.mean.data[c]!;
      }
    }
  return out;
}
