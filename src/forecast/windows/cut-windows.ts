/** Cuts count sequences into windows of history and future. */
import type { CountSequences, ForecastWindow, WindowBatch } from "./forecaster.ts";
import { SLOW_BINS, slowTrace } from "./slow-means.ts";

export interface WindowOptions extends Pick<ForecastWindow, "historyBins" | "futureBins"> {
  /** Bins from one origin to the next. */
  readonly strideBins: number;
  /** Windows per batch (the last one may have fewer). Default 64. */
  readonly batchSize?: number;
}

/** Every window whose history and future both lie inside one sequence, in order. */
export function* windowBatches(data: CountSequences, options: WindowOptions): Generator<WindowBatch> {
  const { historyBins, futureBins, strideBins, batchSize = 64 } = options;
  const origins: [sequence: number, origin: number][] = [];
  data.sequences.forEach((counts, sequence) => {
    const last = counts.length / data.channels - futureBins;
    for (let origin = historyBins; origin <= last; origin += strideBins) origins.push([sequence, origin]);
  });
  for (let from = 0; from < origins.length; from += batchSize)
    yield cutWindows(data, origins.slice(from, from + batchSize), options);
}

/** By sequence: windows of one overlap. */
const traces = new WeakMap<Uint8Array, Float32Array>();

/** The windows at the given origins. What the sequences hold must not change any more: traces of them are kept. */
export function cutWindows(
  { sequences, channels, before }: CountSequences,
  origins: readonly (readonly [sequence: number, origin: number])[],
  { historyBins, futureBins }: Pick<ForecastWindow, "historyBins" | "futureBins">,
): WindowBatch {
  const size = origins.length;
  const history = new Float32Array(size * historyBins * channels);
  const future = new Float32Array(size * futureBins * channels);
  const K = SLOW_BINS.length;
  const slow = new Float32Array(size * historyBins * K);
  origins.forEach(([sequence, origin], n) => {
    const counts = sequences[sequence];
    const at = origin * channels;
    let trace = traces.get(counts);
    if (!trace) traces.set(counts, (trace = slowTrace(counts, channels, before?.[sequence])));
    slow.set(trace.subarray((origin - historyBins) * K, origin * K), n * historyBins * K);
    history.set(counts.subarray(at - historyBins * channels, at), n * historyBins * channels);
    future.set(counts.subarray(at, at + futureBins * channels), n * futureBins * channels);
  });
  return {
    size,
    history,
    slow,
    future,
    sequence: Int32Array.from(origins, ([sequence]) => sequence),
    origin: Int32Array.from(origins, ([, origin]) => origin),
  };
}
