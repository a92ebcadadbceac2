/** report.json of a forecast: scores of every forecaster on the same windows, and excerpts that figures draw. */
import { z } from "zod";

export const FORECAST_REPORT_FORMAT = 1;

const finite = z.number();
const count = z.int().min(0);
const estimate = z.object({ value: finite, ci95: z.tuple([finite, finite]) });
const pooled = z.object({ pooled: estimate, perPatch: z.array(estimate).min(1) });
const withFloor = z.object({ value: finite.nullable(), floor: finite.nullable() });

const scores = z.object({
  name: z.string(),
  samples: count,
  windows: count,
  blocks: count,
  /** Over the train mean. */
  bits: pooled.extend({
    perBin: z.array(finite),
    evalMeanNull: z.object({ pooled: finite, perPatch: z.array(finite) }),
    mixture: estimate,
    spikes: finite,
    channels: count,
    silentChannels: count,
  }),
  crps: z.object({ population: pooled, channel: pooled }),
  energy: estimate,
  mae: pooled,
  calibration: z.object({
    pit: z.object({
      histogram: z.array(finite).min(1),
      perPatch: z.array(z.object({ distance: finite, pValue: finite })),
      windows: count,
    }),
    coverage: z.array(pooled.extend({ share: finite })),
    rateSlope: finite.nullable(),
    selfGain: z.object({ expected: finite, observed: finite }),
  }),
  generative: z.object({
    populationKl: withFloor,
    correlationRmse: withFloor,
    isiMeanRmse: withFloor,
    isiDeviationRmse: withFloor,
    windows: count,
  }),
  differences: z.array(
    z.object({ against: z.string(), bits: estimate, bitsPerPatch: z.array(estimate), crps: estimate }),
  ),
  beatsFlat: z.boolean().nullable(),
  leak: z.boolean(),
});

/** Population count per patch over consecutive windows, each forecast from where the one before ended. */
const fan = z.object({
  name: z.string(),
  startSeconds: finite,
  patchSeconds: finite,
  patchesPerForecast: count,
  truth: z.array(finite).min(1),
  median: z.array(finite),
  lo50: z.array(finite),
  hi50: z.array(finite),
  lo90: z.array(finite),
  hi90: z.array(finite),
});

/** Bins with a spike, and their row: an index into `channels`. */
const spikes = z.object({ bins: z.array(count), rows: z.array(count) });

const raster = z.object({
  name: z.string(),
  startSeconds: finite,
  binSeconds: finite,
  bins: count,
  channels: z.array(count),
  real: spikes,
  sampled: spikes,
});

const matrix = z.array(z.array(finite.nullable()));
const correlations = z.object({
  name: z.string(),
  windows: count,
  channels: z.array(count),
  real: matrix,
  sampled: matrix,
});

const latent = z.object({
  /** Share of variance on each of the two axes. */
  explained: z.tuple([finite, finite]),
  paths: z.array(z.array(z.tuple([finite, finite])).min(1)),
});

export const forecastReportSchema = z.object({
  formatVersion: z.literal(FORECAST_REPORT_FORMAT),
  kind: z.literal("forecast"),
  wetgradVersion: z.string(),
  data: z.object({
    name: z.string(),
    channels: count,
    binSeconds: finite,
    sequences: count,
    spikes: count,
    synthetic: z.boolean(),
  }),
  window: z.object({ historyBins: count, futureBins: count, patchBins: count, strideBins: count }),
  /** The one that the report is about first. */
  scores: z.array(scores).min(1),
  figures: z.object({
    fan: fan.nullable(),
    raster: raster.nullable(),
    correlations: correlations.nullable(),
    latent: latent.nullable(),
  }),
  config: z.record(z.string(), z.json()),
  notes: z.array(z.string()),
  wallSeconds: finite,
});

export type ForecastReport = z.infer<typeof forecastReportSchema>;
/** What may be written as a report: the same, and nothing in it need be writable. */
export type ForecastReportInput = DeepReadonly<Omit<ForecastReport, "config">> &
  Pick<ForecastReport, "config">;
type DeepReadonly<T> = { readonly [K in keyof T]: DeepReadonly<T[K]> };
export type ScoredForecaster = z.infer<typeof scores>;
export type FanFigure = z.infer<typeof fan>;
export type SpikesFigure = z.infer<typeof raster>;
export type CorrelationFigure = z.infer<typeof correlations>;
export type LatentPathsFigure = z.infer<typeof latent>;
export type ScoreEstimate = z.infer<typeof estimate>;
