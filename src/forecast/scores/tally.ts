/** What is kept of one forecaster from batch to batch: sums per block, transforms, and the statistics of its samples. */
import { Random } from "../../math/random.ts";
import type { Forecast, WindowBatch } from "../windows/forecaster.ts";
import { bitSums, type ForecastBatch, meanRates } from "./bits.ts";
import { BlockSums } from "./blocks.ts";
import { countSamples, patchSums, sampleBins, samplePatches } from "./count-samples.ts";
import { energyScore, fairCrps } from "./crps.ts";
import { Activity } from "./generative.ts";
import { PitHistogram, randomisedPit } from "./pit.ts";

/** Shares of the central intervals whose coverage is scored. */
export const COVERAGE = [0.5, 0.9] as const;

export interface TallyShape {
  readonly bins: number;
  readonly patchBins: number;
  /** C */
  readonly width: number;
  /** The ones that are scored. */
  readonly channels: readonly number[];
  readonly nullRates: Float32Array;
  readonly binSeconds: number;
  /** Samples of the counts where the forecaster gives one expectation. */
  readonly samples: number;
  readonly seed: number;
}

/** What is marked of the windows of a batch, `[N]` each. */
export interface WindowMarks {
  /** The stretch of the recording that the window lies in. */
  readonly blocks: readonly number[];
  /** Whether the window overlaps none before it that is so marked. */
  readonly apart: readonly boolean[];
}

/** Where each sum stands in a block's row. */
function columnsOf(bins: number, patches: number) {
  let next = 0;
  const take = (count: number) => Array.from({ length: count }, () => next++);
  return {
    windows: take(1),
    gain: take(bins),
    selfGain: take(bins),
    spikes: take(bins),
    mixture: take(1),
    rateCount: take(1),
    rateRate: take(1),
    energy: take(1),
    populationCrps: take(patches),
    channelCrps: take(patches),
    absoluteError: take(patches),
    covered: COVERAGE.map(() => take(patches)),
    width: next,
  };
}

export class Tally {
  readonly columns: ReturnType<typeof columnsOf>;
  readonly sums: BlockSums;
  readonly pits: readonly PitHistogram[];
  readonly sampled: Activity;
  samples = 0;
  private readonly random: Random;

  constructor(
    readonly name: string,
    readonly shape: TallyShape,
  ) {
    const patches = shape.bins / shape.patchBins;
    this.columns = columnsOf(shape.bins, patches);
    this.sums = new BlockSums(this.columns.width);
    this.pits = Array.from({ length: patches }, () => new PitHistogram());
    this.sampled = new Activity(shape.channels, shape.width, shape.binSeconds);
    this.random = Random.of(shape.seed, "scores", name);
  }

  /** Adds a batch. */
  add(batch: WindowBatch, forecast: Forecast, { blocks, apart }: WindowMarks): void {
    const { bins, width, nullRates, channels } = this.shape;
    const scored: ForecastBatch = { batch, forecast, mean: meanRates(forecast, batch.size) };
    this.samples = countSamples(forecast, this.shape.samples);
    for (let n = 0; n < batch.size; n++) {
      const row = this.sums.of(blocks[n]);
      const { columns } = this;
      const sums = bitSums(scored, n, nullRates, channels);
      row[columns.windows[0]]++;
      for (let f = 0; f < bins; f++) {
        row[columns.gain[f]] += sums.gain[f];
        row[columns.selfGain[f]] += sums.selfGain[f];
        row[columns.spikes[f]] += sums.spikes[f];
      }
      row[columns.mixture[0]] += sums.mixture;
      row[columns.rateCount[0]] += sums.rateCount;
      row[columns.rateRate[0]] += sums.rateRate;
      this.addCounts(scored, n, row, apart[n]);
      if (apart[n]) this.sampled.add(sampleBins(forecast, n, bins * width, this.random));
    }
  }

  private addCounts(
    { batch, forecast, mean }: ForecastBatch,
    n: number,
    row: Float64Array,
    apart: boolean,
  ): void {
    const { bins, width, patchBins, channels } = this.shape;
    const size = bins * width;
    const patches = bins / patchBins;
    const scored = channels.length;
    const drawn = samplePatches(
      forecast,
      n,
      { bins, channels: width, patchBins, samples: this.samples },
      this.random,
    );
    const samples = pick(drawn, width, channels);
    const window = (data: Float32Array | Float64Array) =>
      pick(patchSums(data.subarray(n * size, (n + 1) * size), width, patchBins), width, channels);
    const truth = window(batch.future);
    const expected = window(mean);
    row[this.columns.energy[0]] += energyScore(samples, truth);
    const one = new Float64Array(this.samples);
    const population = new Float64Array(this.samples);
    for (let p = 0; p < patches; p++) {
      population.fill(0);
      let total = 0;
      for (let c = 0; c < scored; c++) {
        const at = p * scored + c;
        for (let s = 0; s < one.length; s++) {
          one[s] = samples[s * patches * scored + at];
          population[s] += one[s];
        }
        total += truth[at];
        row[this.columns.channelCrps[p]] += fairCrps(one, truth[at]) / scored;
        row[this.columns.absoluteError[p]] += Math.abs(expected[at] - truth[at]) / scored;
      }
      row[this.columns.populationCrps[p]] += fairCrps(population, total);
      const pit = randomisedPit(population, total, this.random.uniform());
      COVERAGE.forEach((share, i) => {
        if (Math.abs(pit - 0.5) <= share / 2) row[this.columns.covered[i][p]]++;
      });
      if (apart) this.pits[p].add(pit);
    }
  }
}

/** The scored channels of `values` `[..., C]`. */
function pick(values: Float64Array, width: number, channels: readonly number[]): Float64Array {
  const out = new Float64Array((values.length / width) * channels.length);
  for (let r = 0, at = 0; r < values.length; r += width) for (const c of channels) out[at++] = values[r + c];
  return out;
}
