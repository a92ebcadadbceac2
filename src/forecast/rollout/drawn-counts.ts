/**
 * Sampled spike counts of a forecast, bin after bin, each channel's own past counts acting on its next bin. What is known of
 * how much too narrow or too wide a forecast is acts on whole patches: all channels of a patch share a factor (log-normal, each
 * side with its own deviation) in each sample, or else patches of samples with many spikes, or with few, are replaced by some nearer
 * to the middle.
 *
 * Legend: N windows, S samples, F future bins, P patches of them, C channels.
 */
import type { Noise } from "../../compute/index.ts";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { historyGain, type SpikeHistory } from "../heads/spike-history.ts";
import type { Forecast, ForecastWindow, WindowBatch } from "../windows/forecaster.ts";

export interface DrawnFrom {
  readonly forecast: Pick<Forecast, "samples" | "rates">;
  readonly batch: WindowBatch;
  readonly window: ForecastWindow;
}

/** `[N, S, F, C]` */
export function sampleCounts(from: DrawnFrom, head: SpikeHistory, noise: Noise): Float32Array {
  const random = countRandom(noise);
  const { size: N } = from.batch;
  const counts = new Float32Array(from.forecast.rates.length);
  const widths = head.width?.data ?? new Float32Array(2 * (head.spread?.data.length ?? 1)).fill(1);
  for (let n = 0; n < N; n++)
    counts.set(drawWindow(from, n, { head, widths }, random), (n * counts.length) / N);
  return counts;
}

/** What counts are drawn with. */
export function countRandom(noise: Noise): Random {
  return Random.of(noise.integers([1], 2 ** 31).data[0], "counts");
}

/** Counts `[S, F, C]` of window `n`; `widths [2, P]`: 1.2 makes deviations below the middle, or above it, 20 % larger. */
export function drawWindow(
  { forecast: { samples: S, rates }, batch: { history }, window }: DrawnFrom,
  n: number,
  { head, widths }: { readonly head: SpikeHistory; readonly widths: ArrayLike<number> },
  random: Random,
): Float32Array {
  const { historyBins: H, futureBins: F, channels: C } = window;
  const size = S * F * C;
  const own = rates.subarray(n * size, (n + 1) * size);
  const P = widths.length / 2;
  const B = F / P;
  const placeOf = (p: number): Patch => ({ from: p * B * C, to: (p + 1) * B * C, every: F * C });
  const plans = Array.from({ length: P }, (_, p) => {
    const expected = patchSums(own, S, placeOf(p));
    return [widths[p], widths[P + p]].map((width) => sideOf(expected, width, head.spread?.data[p] ?? 0));
  });
  const counts = new Float32Array(size);
  for (let s = 0; s < S; s++) {
    const at = s * F * C;
    let factor = 1;
    for (let f = 0; f < F; f++) {
      if (f % B === 0) factor = factorOf(plans[Math.floor(f / B)], random);
      for (let c = 0; c < C; c++) {
        const recent = (lag: number) =>
          f >= lag ? counts[at + (f - lag) * C + c] : history[(n * H + H + f - lag) * C + c];
        const i = at + f * C + c;
        counts[i] = drawPoisson(random, own[i] * factor * historyGain(head, c, recent));
      }
    }
  }
  plans.forEach(([below, above], p) => {
    if (below.share < 1 || above.share < 1) narrow(counts, S, placeOf(p), [below.share, above.share]);
  });
  return counts;
}

/** Where a patch lies in each sample. */
interface Patch {
  readonly from: number;
  readonly to: number;
  /** From one sample to the next. */
  readonly every: number;
}

/** `[S]` sums of a patch. */
function patchSums(of: Float32Array, S: number, { from, to, every }: Patch): Float64Array {
  const sums = new Float64Array(S);
  for (let s = 0; s < S; s++) for (let i = s * every + from; i < s * every + to; i++) sums[s] += of[i];
  return sums;
}

/** Of one side of a patch's counts. */
interface Side {
  /** Of the factor's logarithm. */
  readonly deviation: number;
  /** What stays of the deviations where the forecast is too wide by itself. */
  readonly share: number;
}

/** From the expected spikes of a patch in each sample. */
function sideOf(expected: Float64Array, width: number, spread: number): Side {
  const S = expected.length;
  const mean = expected.reduce((a, b) => a + b, 0) / S;
  const variance = expected.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, S - 1);
  if (mean <= 0) return { deviation: 0, share: 1 };
  // Relative variances: of Poisson counts about the samples, and as it should be.
  const given = (mean + variance) / mean ** 2;
  const wanted = (given + spread * (1 + variance / mean ** 2)) * width ** 2;
  if (wanted < given) return { deviation: 0, share: Math.sqrt(wanted / given) };
  const factor = (wanted - given) / (1 + variance / mean ** 2);
  return { deviation: Math.sqrt(Math.log1p(factor)), share: 1 };
}

/** Of mean 1 where both sides are alike. */
function factorOf([below, above]: readonly Side[], random: Random): number {
  if (below.deviation === 0 && above.deviation === 0) return 1;
  const normal = random.normal();
  const { deviation } = normal < 0 ? below : above;
  return Math.exp(deviation * normal - (below.deviation ** 2 + above.deviation ** 2) / 4);
}

/** Puts in the place of each sample's patch that of the sample whose rank is a share as far from the middle one. */
function narrow(counts: Float32Array, S: number, patch: Patch, [below, above]: readonly number[]): void {
  const sums = patchSums(counts, S, patch);
  const order = [...sums.keys()].sort((a, b) => sums[a] - sums[b] || a - b);
  const before = counts.slice();
  const middle = (S - 1) / 2;
  order.forEach((sample, rank) => {
    const source = order[Math.round(middle + (rank < middle ? below : above) * (rank - middle))];
    const from = source * patch.every;
    counts.set(before.subarray(from + patch.from, from + patch.to), sample * patch.every + patch.from);
  });
}
