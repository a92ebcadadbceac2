/** Excerpts of a forecaster's work that a report draws: fan, raster, correlations. JSON-ready. */
import { Noise } from "../../compute/index.ts";
import { Random } from "../../math/random.ts";
import { sortedQuantile } from "../../math/statistics.ts";
import { cutWindows, windowBatches } from "../windows/cut-windows.ts";
import type { CountSequences, Forecaster } from "../windows/forecaster.ts";
import { countSamples, patchSums, sampleBins, samplePatches } from "./count-samples.ts";
import { ForecastScoreError } from "./error.ts";
import { Activity } from "./generative.ts";
import type { ScoreOptions } from "./score.ts";

export interface FigureOptions extends Pick<ScoreOptions, "window" | "patchBins" | "samples" | "seed"> {
  /** Which sequence. Default: the longest. */
  readonly sequence?: number;
  /** Windows shown, one after the other. Default: about 6 s of them. */
  readonly windows?: number;
}

/** Most channels in a raster or correlation matrix: the ones that fire most. */
const MOST_CHANNELS = 48;

/** Figures over consecutive windows of one sequence. Throws `ForecastScoreError` when it holds none. */
export async function forecastFigures(data: CountSequences, forecaster: Forecaster, options: FigureOptions) {
  const { historyBins, futureBins } = options.window;
  const { channels: width, binSeconds, sequences } = data;
  const lengths = sequences.map(({ length }) => length / width);
  const sequence = options.sequence ?? lengths.indexOf(Math.max(...lengths));
  const wanted = options.windows ?? Math.ceil(6 / (futureBins * binSeconds));
  const there = Math.floor((lengths[sequence] - historyBins) / futureBins);
  const windows = Math.min(wanted, there);
  if (!(windows >= 1))
    throw new ForecastScoreError(
      `no window to draw: expected a sequence of at least ${historyBins + futureBins} bins, got ${Math.max(...lengths)}: use a longer recording`,
    );
  const origins = Array.from(
    { length: windows },
    (_, n) => [sequence, historyBins + n * futureBins] as const,
  );
  const batch = cutWindows(data, origins, options.window);
  const forecast = await forecaster.forecast(batch, Noise.of(options.seed, "figures", forecaster.name));
  const random = Random.of(options.seed, "figures", forecaster.name);
  const samples = countSamples(forecast, options.samples);
  const { patchBins } = options;
  const patches = futureBins / patchBins;
  const size = futureBins * width;
  const startSeconds = historyBins * binSeconds;

  const fan = { truth: [], median: [], lo50: [], hi50: [], lo90: [], hi90: [] } as Record<FanLine, number[]>;
  const [real, sampled] = [0, 1].map(() => new Float64Array(windows * size));
  for (let n = 0; n < windows; n++) {
    const drawn = samplePatches(
      forecast,
      n,
      { bins: futureBins, channels: width, patchBins, samples },
      random,
    );
    const future = batch.future.subarray(n * size, (n + 1) * size);
    const truth = patchSums(future, width, patchBins);
    for (let p = 0; p < patches; p++) {
      const total = (counts: Float64Array, at: number) =>
        counts.subarray(at, at + width).reduce((sum, count) => sum + count, 0);
      const sorted = Array.from({ length: samples }, (_, s) => total(drawn, (s * patches + p) * width));
      sorted.sort((a, b) => a - b);
      fan.truth.push(total(truth, p * width));
      for (const [line, q] of FAN) fan[line].push(sortedQuantile(sorted, q));
    }
    real.set(future, n * size);
    sampled.set(sampleBins(forecast, n, size, random), n * size);
  }
  const channels = busiest(data, MOST_CHANNELS);
  const raster = (counts: Float64Array) => spikesOf(counts, channels, width);
  return {
    fan: {
      name: forecaster.name,
      startSeconds,
      patchSeconds: patchBins * binSeconds,
      patchesPerForecast: patches,
      ...fan,
    },
    raster: {
      name: forecaster.name,
      startSeconds,
      binSeconds,
      bins: windows * futureBins,
      channels,
      real: raster(real),
      sampled: raster(sampled),
    },
    correlations: await correlationFigure(data, forecaster, options, channels),
  };
}

/** Correlations of bin counts over windows that do not overlap, real and sampled: the first few hundred. */
async function correlationFigure(
  data: CountSequences,
  forecaster: Forecaster,
  { window, seed }: FigureOptions,
  channels: readonly number[],
) {
  const { channels: width, binSeconds } = data;
  const [real, sampled] = [0, 1].map(() => new Activity(channels, width, binSeconds));
  const size = window.futureBins * width;
  const random = Random.of(seed, "correlations", forecaster.name);
  const batches = windowBatches(data, { ...window, strideBins: window.futureBins, batchSize: 32 });
  let index = 0;
  for (const batch of batches) {
    const noise = Noise.of(seed, "correlations", forecaster.name, index);
    const forecast = await forecaster.forecast(batch, noise);
    for (let n = 0; n < batch.size; n++) {
      real.add(batch.future.subarray(n * size, (n + 1) * size));
      sampled.add(sampleBins(forecast, n, size, random));
    }
    if (++index === CORRELATION_BATCHES) break;
  }
  const matrix = (activity: Activity) =>
    channels.map((_, i) => channels.map((_, j) => (i === j ? null : finite(activity.correlation(i, j)))));
  return {
    name: forecaster.name,
    windows: real.windows,
    channels,
    real: matrix(real),
    sampled: matrix(sampled),
  };
}

const CORRELATION_BATCHES = 8;

type FanLine = "truth" | "median" | "lo50" | "hi50" | "lo90" | "hi90";
const FAN: readonly (readonly [FanLine, number])[] = [
  ["median", 0.5],
  ["lo50", 0.25],
  ["hi50", 0.75],
  ["lo90", 0.05],
  ["hi90", 0.95],
];

/** The `most` channels with most spikes, in ascending order. */
function busiest({ sequences, channels }: CountSequences, most: number): number[] {
  const spikes = new Float64Array(channels);
  for (const counts of sequences) for (let i = 0; i < counts.length; i++) spikes[i % channels] += counts[i];
  const order = [...spikes.keys()].sort((a, b) => spikes[b] - spikes[a] || a - b);
  return order.slice(0, most).sort((a, b) => a - b);
}

/** Bins that hold a spike, and the row (index in `channels`) it is in. */
function spikesOf(counts: Float64Array, channels: readonly number[], width: number) {
  const [bins, rows]: number[][] = [[], []];
  for (let f = 0; f < counts.length / width; f++)
    channels.forEach((channel, row) => {
      if (counts[f * width + channel] === 0) return;
      bins.push(f);
      rows.push(row);
    });
  return { bins, rows };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
