/** From the sums of a forecaster to its scores. */
import { evalMeanGain } from "./bits.ts";
import { estimate, estimateDifference, type Ratio } from "./blocks.ts";
import { type Activity, generativeScores } from "./generative.ts";
import type { PitHistogram } from "./pit.ts";
import { COVERAGE, type Tally } from "./tally.ts";
import type { BitScores, CalibrationScores, Difference, ForecastScores, Pooled } from "./types.ts";

const PER_BIT = 1 / Math.LN2;
const PIT_BINS = 10;

/** What all forecasters share: the real windows. */
export interface RealWindows {
  readonly activity: Activity;
  readonly halves: readonly [Activity, Activity];
  /** `[P, C]` spikes in the scored windows. */
  readonly spikes: Float64Array;
  readonly silentChannels: number;
}

/** Scores without what compares them; `score.ts` adds that. */
export function summarise(
  tally: Tally,
  real: RealWindows,
): Omit<ForecastScores, "differences" | "beatsFlat" | "leak"> {
  const { columns, shape } = tally;
  const rows = tally.sums.rows();
  const total = tally.sums.total();
  const windows = total[columns.windows[0]];
  const pooled = (over: readonly number[]): Pooled => ({
    pooled: estimate(rows, { over, under: columns.windows, scale: 1 / over.length }, shape.seed),
    perPatch: over.map((column) => estimate(rows, { over: [column], under: columns.windows }, shape.seed)),
  });
  const rateRate = total[columns.rateRate[0]];
  const perSpike = PER_BIT / sumOf(total, columns.spikes);
  return {
    name: tally.name,
    samples: tally.samples,
    windows,
    blocks: rows.length,
    bits: bitScores(tally, rows, total, real),
    crps: { population: pooled(columns.populationCrps), channel: pooled(columns.channelCrps) },
    energy: estimate(rows, { over: columns.energy, under: columns.windows }, shape.seed),
    mae: pooled(columns.absoluteError),
    calibration: {
      pit: pitOf(tally.pits),
      coverage: COVERAGE.map((share, i) => ({ share, ...pooled(columns.covered[i]) })),
      // A constant forecast differs from the train mean by rounding only.
      rateSlope: rateRate > 1e-9 * windows ? total[columns.rateCount[0]] / rateRate : null,
      selfGain: {
        expected: sumOf(total, columns.selfGain) * perSpike,
        observed: sumOf(total, columns.gain) * perSpike,
      },
    },
    generative: generativeScores(real.activity, real.halves, tally.sampled),
  };
}

/** Bits per spike of all the future. */
function bitRatio({ columns }: Tally): Ratio {
  return { over: columns.gain, under: columns.spikes, scale: PER_BIT };
}

/** `a` less `b`, on the same windows. */
export function difference(a: Tally, b: Tally): Difference {
  const { columns, shape } = a;
  const crps = {
    over: columns.populationCrps,
    under: columns.windows,
    scale: 1 / columns.populationCrps.length,
  };
  const between = (ratio: Ratio) => estimateDifference(a.sums.rows(), b.sums.rows(), ratio, shape.seed);
  return {
    against: b.name,
    bits: between(bitRatio(a)),
    bitsPerPatch: columns.populationCrps.map((_, p) => between(patchBitRatio(a, p))),
    crps: between(crps),
  };
}

function patchBitRatio({ columns, shape: { patchBins } }: Tally, p: number): Ratio {
  const patch = (bins: readonly number[]) => bins.slice(p * patchBins, (p + 1) * patchBins);
  return { over: patch(columns.gain), under: patch(columns.spikes), scale: PER_BIT };
}

function bitScores(tally: Tally, rows: Float64Array[], total: Float64Array, real: RealWindows): BitScores {
  const { columns, shape } = tally;
  const { patchBins, seed, nullRates, channels } = shape;
  const patches = columns.populationCrps.map((_, p) => p);
  const bins = total[columns.windows[0]] * patchBins;
  const loss = evalMeanGain(real.spikes, bins, nullRates, channels);
  const overEval = (ps: readonly number[]) => {
    const ratios = ps.map((p) => patchBitRatio(tally, p));
    const gain = ratios.reduce((sum, { over }, i) => sum + sumOf(total, over) - loss[ps[i]], 0);
    return (gain * PER_BIT) / ratios.reduce((sum, { under }) => sum + sumOf(total, under), 0);
  };
  return {
    pooled: estimate(rows, bitRatio(tally), seed),
    perPatch: patches.map((p) => estimate(rows, patchBitRatio(tally, p), seed)),
    perBin: columns.gain.map((column, f) => (total[column] * PER_BIT) / total[columns.spikes[f]]),
    evalMeanNull: { pooled: overEval(patches), perPatch: patches.map((p) => overEval([p])) },
    mixture: estimate(rows, { over: columns.mixture, under: columns.spikes, scale: PER_BIT }, seed),
    spikes: sumOf(total, columns.spikes),
    channels: channels.length,
    silentChannels: real.silentChannels,
  };
}

function pitOf(pits: readonly PitHistogram[]): CalibrationScores["pit"] {
  const counts = pits.map((pit) => pit.counts(PIT_BINS));
  const windows = pits[0].count;
  return {
    histogram: Array.from(
      { length: PIT_BINS },
      (_, i) => counts.reduce((sum, each) => sum + each[i], 0) / (windows * pits.length),
    ),
    perPatch: pits.map((pit) => pit.kolmogorovSmirnov()),
    windows,
  };
}

function sumOf(values: Float64Array, columns: readonly number[]): number {
  return columns.reduce((sum, column) => sum + values[column], 0);
}
