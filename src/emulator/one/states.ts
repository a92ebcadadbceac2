/**
 * Neural states as the emulator takes them: one window of spike counts per task step, in order, with what was done
 * to the culture in it.
 */
import { concatenateRows } from "../../math/rows.ts";

/** N task steps, in the order in which they happened. */
export interface NeuralStates {
  readonly bins: number;
  readonly channels: number;
  /** `[N, bins, channels]` spike counts, efference copies included. */
  readonly counts: Float32Array;
  /** `[N]` 1 where the step was written to. */
  readonly written: Float32Array;
}

export function stateCount(states: NeuralStates): number {
  return states.written.length;
}

/** Counts with only their first `sensoryBins` bins kept, the rest zero: what has come in before a write can begin. */
export function sensoryPart({ counts, channels, bins }: NeuralStates, sensoryBins: number): Float32Array {
  const partial = new Float32Array(counts.length);
  for (let start = 0; start < counts.length; start += bins * channels)
    partial.set(counts.subarray(start, start + sensoryBins * channels), start);
  return partial;
}

/** States of several recordings, one after the other. */
export function concatenateStates(parts: readonly NeuralStates[]): NeuralStates {
  const { bins, channels } = parts[0];
  return {
    bins,
    channels,
    counts: concatenateRows(parts.map((part) => part.counts)),
    written: concatenateRows(parts.map((part) => part.written)),
  };
}

/** Log of the mean count per bin of every channel, where a fresh decoder starts. */
export function meanLogRate({ counts, channels }: NeuralStates): Float32Array {
  const mean = new Float64Array(channels);
  for (let i = 0; i < counts.length; i++) mean[i % channels] += counts[i];
  const rows = counts.length / channels;
  return Float32Array.from(mean, (sum) => Math.log(sum / rows + 0.01));
}
