/**
 * What a forecaster is: given a window of past spike counts it predicts what follows, as samples of the expected count of
 * every channel in every future bin. The emulator, its baselines and, on synthetic data, the oracles all keep to it, so
 * that one set of scores serves them all.
 *
 * Legend: N windows, S samples, H history bins, F future bins, C channels, K slow means.
 */
import type { Noise } from "../../compute/index.ts";

/** Spike counts in equal bins: one sequence `[T, C]` for each uninterrupted stretch (a trial, a recording). */
export interface CountSequences {
  readonly binSeconds: number;
  readonly channels: number;
  /** Counts above 255 are held at 255. */
  readonly sequences: readonly Uint8Array[];
  /** `[T, C]` for each sequence what was recorded right before it, where that is known and no part of it. */
  readonly before?: readonly Uint8Array[];
}

/** Bins of all sequences. */
export function binsOf({ sequences, channels }: CountSequences): number {
  return sequences.reduce((sum, counts) => sum + counts.length / channels, 0);
}

/** What a forecaster is trained on, and what it is chosen by. */
export interface FitParts {
  readonly train: CountSequences;
  readonly validation: CountSequences;
}

/** Windows cut from sequences, with where each was cut: oracles look there for what only they know. */
export interface WindowBatch {
  readonly size: number;
  /** `[N, H, C]` */
  readonly history: Float32Array;
  /** `[N, H, K]` weighted means of all channels' spikes per bin up to each bin of the history (slow-means.ts). */
  readonly slow: Float32Array;
  /** `[N, F, C]` what was recorded; for scores and oracles only. */
  readonly future: Float32Array;
  /** `[N]` index of the sequence. */
  readonly sequence: Int32Array;
  /** `[N]` bin of the sequence at which the future begins. */
  readonly origin: Int32Array;
}

export interface Forecast {
  /** S; 1 for a forecaster that gives one expectation and no distribution over it. */
  readonly samples: number;
  /** `[N, S, F, C]` expected counts per bin, each sample one possible course of the rates. All > 0. */
  readonly rates: Float32Array;
  /** `[N, S, F, C]` sampled counts where the forecaster's counts are not independent Poisson given the rates. */
  readonly counts?: Float32Array;
}

export interface ForecastWindow {
  readonly historyBins: number;
  readonly futureBins: number;
  readonly channels: number;
}

export interface Forecaster {
  readonly name: string;
  readonly window: ForecastWindow;
  /** `noise` is all the randomness there is: the same batch and noise give the same bits. */
  forecast(batch: WindowBatch, noise: Noise): Promise<Forecast>;
  dispose(): Promise<void>;
}
