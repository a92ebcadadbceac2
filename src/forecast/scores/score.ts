/**
 * Scores forecasters on the same windows of a recording, batch by batch: what is kept grows with the number of blocks,
 * never with the number of windows.
 */
import { Noise } from "../../compute/index.ts";
import { windowBatches } from "../windows/cut-windows.ts";
import type { CountSequences, Forecast, Forecaster, WindowBatch } from "../windows/forecaster.ts";
import { blockRule } from "./blocks.ts";
import { patchSums } from "./count-samples.ts";
import { ForecastScoreError } from "./error.ts";
import { Activity } from "./generative.ts";
import { difference, type RealWindows, summarise } from "./summary.ts";
import { Tally, type TallyShape, type WindowMarks } from "./tally.ts";
import type { ForecastScores } from "./types.ts";

export interface ScoreOptions {
  readonly window: { readonly historyBins: number; readonly futureBins: number };
  /** Bins per patch; divides `futureBins`. */
  readonly patchBins: number;
  /** Samples of the counts (>= 2) where a forecaster gives one expectation; others have one per sample of theirs. */
  readonly samples: number;
  readonly seed: number;
  /** Bins from one window to the next. */
  readonly strideBins: number;
  /** Windows per batch. Default 32. */
  readonly batchSize?: number;
  /** Name of the forecaster that repeats the mean of the last window. Default "flat". */
  readonly flat?: string;
  /** Name of the forecaster that knows the true rates, where there is one. */
  readonly oracle?: string;
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** Expected counts per bin `[C]`: the null of bits per spike, from the training part. */
export function meanCounts({ sequences, channels }: CountSequences): Float32Array {
  const sums = new Float64Array(channels);
  let bins = 0;
  for (const counts of sequences) {
    bins += counts.length / channels;
    for (let i = 0; i < counts.length; i++) sums[i % channels] += counts[i];
  }
  return Float32Array.from(sums, (sum) => (bins === 0 ? 0 : sum / bins));
}

/**
 * Scores of `forecasters`, in their order. `trainMean` `[C]` counts per bin.
 * Throws `ForecastScoreError` when the recording holds no window, or a patch of the future no spike; RangeError when
 * shapes disagree.
 */
export async function scoreForecasters(
  data: CountSequences,
  trainMean: Float32Array,
  forecasters: readonly Forecaster[],
  options: ScoreOptions,
): Promise<ForecastScores[]> {
  checkShapes(data, trainMean, forecasters, options);
  const { window, patchBins, strideBins, seed, batchSize = 32 } = options;
  const { channels: width, binSeconds } = data;
  const heard = meanCounts(data);
  const channels = [...trainMean.keys()].filter((c) => trainMean[c] > 0 && heard[c] > 0);
  const shape: TallyShape = {
    bins: window.futureBins,
    patchBins,
    width,
    channels,
    nullRates: trainMean,
    binSeconds,
    samples: options.samples,
    seed,
  };
  const tallies = forecasters.map(({ name }) => new Tally(name, shape));
  const activity = () => new Activity(channels, width, binSeconds);
  const real: RealWindows = {
    activity: activity(),
    halves: [activity(), activity()],
    spikes: new Float64Array((window.futureBins / patchBins) * width),
    silentChannels: width - channels.length,
  };
  const blockOf = blockRule(
    data.sequences.map(({ length }) => length / width),
    window.futureBins,
  );
  const apartOf = apartMarks(window.futureBins);
  let [index, windows] = [0, 0];
  for (const batch of windowBatches(data, { ...window, strideBins, batchSize })) {
    options.signal?.throwIfAborted();
    const marks: WindowMarks = {
      blocks: Array.from(batch.sequence, (sequence, n) => blockOf(sequence, batch.origin[n])),
      apart: apartOf(batch),
    };
    addReal(real, batch, marks, shape);
    windows += batch.size;
    for (const [f, forecaster] of forecasters.entries()) {
      const forecast = await forecaster.forecast(batch, Noise.of(seed, "forecast", forecaster.name, index));
      checkForecast(forecaster.name, forecast, batch);
      tallies[f].add(batch, forecast, marks);
    }
    index++;
    options.onProgress?.(shareDone(data, batch));
  }
  checkSpikes(real, shape, windows);
  return compare(tallies, real, options);
}

function compare(tallies: readonly Tally[], real: RealWindows, options: ScoreOptions): ForecastScores[] {
  const { flat = "flat", oracle } = options;
  return tallies.map((tally) => {
    const differences = tallies.filter((other) => other !== tally).map((other) => difference(tally, other));
    const beats = (name: string | undefined) => {
      const found = differences.find(({ against }) => against === name);
      return found ? found.bits.ci95[0] > 0 : null;
    };
    return { ...summarise(tally, real), differences, beatsFlat: beats(flat), leak: beats(oracle) ?? false };
  });
}

/** Marks windows whose future begins after that of the last marked one has ended. */
function apartMarks(futureBins: number): (batch: WindowBatch) => boolean[] {
  let [sequence, free] = [-1, 0];
  return (batch) =>
    Array.from(batch.sequence, (s, n) => {
      if (s === sequence && batch.origin[n] < free) return false;
      [sequence, free] = [s, batch.origin[n] + futureBins];
      return true;
    });
}

function addReal(
  real: RealWindows,
  { size, future }: WindowBatch,
  { blocks, apart }: WindowMarks,
  { width, patchBins }: { width: number; patchBins: number },
): void {
  const step = future.length / size;
  for (let n = 0; n < size; n++) {
    const counts = future.subarray(n * step, (n + 1) * step);
    patchSums(counts, width, patchBins).forEach((count, i) => {
      real.spikes[i] += count;
    });
    if (!apart[n]) continue;
    real.activity.add(counts);
    real.halves[blocks[n] % 2].add(counts);
  }
}

/** How much of the recording lies before the end of `batch`. */
function shareDone({ sequences, channels }: CountSequences, { size, sequence, origin }: WindowBatch): number {
  const bins = (from: number, to: number) =>
    sequences.slice(from, to).reduce((sum, counts) => sum + counts.length / channels, 0);
  return (bins(0, sequence[size - 1]) + origin[size - 1]) / bins(0, sequences.length);
}

function checkShapes(
  { channels }: CountSequences,
  trainMean: Float32Array,
  forecasters: readonly Forecaster[],
  { window, patchBins, samples }: ScoreOptions,
): void {
  if (trainMean.length !== channels)
    throw new RangeError(`scoreForecasters: expected ${channels} train means, got ${trainMean.length}`);
  if (window.futureBins % patchBins !== 0)
    throw new RangeError(
      `scoreForecasters: expected patchBins to divide ${window.futureBins} future bins, got ${patchBins}`,
    );
  if (!(samples >= 2)) throw new RangeError(`scoreForecasters: expected samples >= 2, got ${samples}`);
  const names = forecasters.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new RangeError(`scoreForecasters: expected different names, got ${twice} twice`);
  for (const { name, window: own } of forecasters)
    if (
      own.historyBins !== window.historyBins ||
      own.futureBins !== window.futureBins ||
      own.channels !== channels
    )
      throw new RangeError(
        `scoreForecasters: expected windows of ${window.historyBins} + ${window.futureBins} bins, ${channels} channels; ${name} has ${own.historyBins} + ${own.futureBins}, ${own.channels}`,
      );
}

function checkForecast(
  name: string,
  { samples, rates, counts }: Forecast,
  { size, future }: WindowBatch,
): void {
  const expected = samples * future.length;
  if (rates.length !== expected || (counts && counts.length !== expected))
    throw new RangeError(
      `${name}: expected rates of ${size} windows and ${samples} samples (${expected} numbers), got ${rates.length}`,
    );
  // One NaN would make every score NaN: say whose it is.
  if (!rates.every((rate) => rate >= 0 && rate < Number.POSITIVE_INFINITY))
    throw new RangeError(`${name}: expected finite rates >= 0, got one that is not`);
}

function checkSpikes({ spikes }: RealWindows, shape: TallyShape, windows: number): void {
  if (windows === 0)
    throw new ForecastScoreError(
      "nothing to score: expected at least one window of history and future, got a shorter recording: use a longer one or shorter windows",
    );
  for (let p = 0; p < shape.bins / shape.patchBins; p++)
    if (shape.channels.every((c) => spikes[p * shape.width + c] === 0))
      throw new ForecastScoreError(
        `nothing to score: expected spikes in patch ${p + 1} of the future, on channels that also fired in training, got none: use a longer recording`,
      );
}
