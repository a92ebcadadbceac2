/**
 * The scores of a forecaster. Every number is finite (null where the data leave it undefined), so
 * that scores go through JSON unchanged. Legend: P patches of the future, F bins of the future.
 */

/** A figure with its 95 % block-bootstrap interval over stretches of the recording. */
export interface Estimate {
  readonly value: number;
  readonly ci95: readonly [number, number];
}

export interface Pooled {
  readonly pooled: Estimate;
  /** `[P]` */
  readonly perPatch: readonly Estimate[];
}

/** Bits per spike over the train mean, spike-weighted, rates averaged over samples before the logarithm. */
export interface BitScores extends Pooled {
  /** `[F]` by bin of the horizon. */
  readonly perBin: readonly number[];
  /** Over the mean of the scored windows themselves, which no forecaster could know: always the lower of the two. */
  readonly evalMeanNull: { readonly pooled: number; readonly perPatch: readonly number[] };
  /** Joint likelihood of the whole window under the mixture of samples; biased low for few samples. */
  readonly mixture: Estimate;
  readonly spikes: number;
  readonly channels: number;
  /** Channels left out because they were silent in training or in the scored recording. */
  readonly silentChannels: number;
}

export interface CalibrationScores {
  /** Randomised PIT of the population count, windows that do not overlap. */
  readonly pit: {
    /** Shares in ten equal bins of [0, 1], all patches together; 0.1 each when calibrated. */
    readonly histogram: readonly number[];
    /** `[P]` Kolmogorov-Smirnov distance from uniform and its p-value; patches of one window depend on each other. */
    readonly perPatch: readonly { readonly distance: number; readonly pValue: number }[];
    readonly windows: number;
  };
  /** How often the population count lay in the central interval that should hold `share` of it. */
  readonly coverage: readonly ({ readonly share: number } & Pooled)[];
  /** Slope of the counts on the forecast rates, both about the train mean; 1 when calibrated, null for a constant. */
  readonly rateSlope: number | null;
  /** Bits per spike that the forecaster would gain if it were right, and those it gains. */
  readonly selfGain: { readonly expected: number; readonly observed: number };
}

/** A distance between sampled and real activity, and the same distance between two halves of the real one. */
export interface WithFloor {
  readonly value: number | null;
  readonly floor: number | null;
}

export interface GenerativeScores {
  /** D_KL (nats) of the histograms of the population count per bin, real from sampled. */
  readonly populationKl: WithFloor;
  /** RMSE of pairwise correlations of bin counts. */
  readonly correlationRmse: WithFloor;
  /** RMSE over channels of the mean interspike interval within a window (s). */
  readonly isiMeanRmse: WithFloor;
  /** The same of its standard deviation (s). */
  readonly isiDeviationRmse: WithFloor;
  readonly windows: number;
}

/** This forecaster less another, on the same windows. */
export interface Difference {
  readonly against: string;
  /** Bits per spike; above 0 this one is better. */
  readonly bits: Estimate;
  readonly bitsPerPatch: readonly Estimate[];
  /** Population CRPS (spikes); below 0 this one is better. */
  readonly crps: Estimate;
}

export interface ForecastScores {
  readonly name: string;
  /** Samples of the counts per window. */
  readonly samples: number;
  readonly windows: number;
  /** Stretches of the recording that the intervals resample. */
  readonly blocks: number;
  readonly bits: BitScores;
  /** Fair CRPS (spikes per patch): of the population count, and per channel. */
  readonly crps: { readonly population: Pooled; readonly channel: Pooled };
  /** Energy score of the (patch, channel) count vector (spikes). */
  readonly energy: Estimate;
  /** Absolute error of the expected count per patch and channel (spikes). */
  readonly mae: Pooled;
  readonly calibration: CalibrationScores;
  readonly generative: GenerativeScores;
  readonly differences: readonly Difference[];
  /** More bits than the flat forecast, the interval of the difference above 0; null for the flat one or without it. */
  readonly beatsFlat: boolean | null;
  /** More bits than the true rates, the interval of the difference above 0: the future leaked into the forecast. */
  readonly leak: boolean;
}
