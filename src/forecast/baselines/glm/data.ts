/**
 * All windows of count sequences as the regressions of a GLM take them.
 *
 * Legend: N windows, C channels, G horizons, O = C * G regressions, K own and S shared inputs.
 */
import { windowBatches } from "../../windows/cut-windows.ts";
import type { CountSequences, ForecastWindow, WindowBatch } from "../../windows/forecaster.ts";
import { meanRates } from "../smoothed.ts";
import { GlmInputMaker, type GlmInputs, GlmStandard } from "./inputs.ts";

/** Bins of the future that share coefficients. */
export type Horizon = readonly [from: number, to: number];

export interface GlmData extends GlmInputs {
  readonly windows: number;
  /** `[N, O]` spikes of a channel at a horizon. */
  readonly counts: Float32Array;
  /** `[O]` log expected counts at coefficients of 0. */
  readonly offset: Float32Array;
  /** `[N]` where each window's future begins, in bins through all sequences. */
  readonly position: Float64Array;
  readonly maker: GlmInputMaker;
  readonly standard: GlmStandard;
}

/** Undefined where there is no window. */
export function glmData(
  data: CountSequences,
  window: ForecastWindow,
  horizons: readonly Horizon[],
  strideBins: number,
): GlmData | undefined {
  const { historyBins: H, channels: C } = window;
  const mean = meanRates(data);
  const maker = new GlmInputMaker(mean, H);
  const { own: K, shared: S } = maker.counts;
  const G = horizons.length;
  const first = firstBins(data);
  const batches = () => windowBatches(data, { ...window, strideBins });
  let N = 0;
  for (const { size } of batches()) N += size;
  if (N === 0) return;
  const inputs = { own: new Float32Array(C * N * K), shared: new Float32Array(N * S) };
  const counts = new Float32Array(N * C * G);
  const position = new Float64Array(N);
  let at = 0;
  for (const batch of batches()) {
    const { own, shared } = maker.of(batch);
    inputs.shared.set(shared, at * S);
    const each = batch.size * K;
    for (let c = 0; c < C; c++) inputs.own.set(own.subarray(c * each, (c + 1) * each), (c * N + at) * K);
    counts.set(horizonCounts(batch, horizons, C), at * C * G);
    for (let n = 0; n < batch.size; n++) position[at + n] = first[batch.sequence[n]] + batch.origin[n];
    at += batch.size;
  }
  const standard = new GlmStandard(inputs, C, N);
  const offset = Float32Array.from({ length: C * G }, (_, o) => {
    const [from, to] = horizons[o % G];
    return Math.log(mean[Math.floor(o / G)] * (to - from));
  });
  return { ...standard.apply(inputs), windows: N, counts, offset, position, maker, standard };
}

/** Of each sequence, the bins before it. */
function firstBins({ sequences, channels }: CountSequences): number[] {
  let bins = 0;
  return sequences.map((counts) => {
    bins += counts.length / channels;
    return bins - counts.length / channels;
  });
}

function horizonCounts({ size, future }: WindowBatch, horizons: readonly Horizon[], C: number): Float32Array {
  const [F, G] = [future.length / size / C, horizons.length];
  const out = new Float32Array(size * C * G);
  for (let n = 0; n < size; n++)
    horizons.forEach(([from, to], g) => {
      for (let f = from; f < to; f++)
        for (let c = 0; c < C; c++) out[(n * C + c) * G + g] += future[(n * F + f) * C + c];
    });
  return out;
}

/** The highest mean counts per bin that a patch of each channel had, `[C]`. */
export function mostCounts({ sequences, channels: C }: CountSequences, patchBins: number): Float64Array {
  const most = new Float64Array(C).fill(1e-3);
  for (const counts of sequences)
    for (let at = 0; at + patchBins * C <= counts.length; at += patchBins * C)
      for (let c = 0; c < C; c++) {
        let sum = 0;
        for (let b = 0; b < patchBins; b++) sum += counts[at + b * C + c];
        most[c] = Math.max(most[c], sum / patchBins);
      }
  return most;
}
