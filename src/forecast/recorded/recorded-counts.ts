/**
 * Spike counts of a recording in equal bins, as forecasters take them. Spikes are read channel by channel in blocks, so
 * that all that is held is one byte per bin and channel.
 */
import { type Recording, RecordingError } from "../../recording/contract.ts";
import type { CountSequences } from "../windows/forecaster.ts";

export interface RecordedCounts {
  /** One sequence `[T, C]`. */
  readonly counts: CountSequences;
  readonly channelNames: readonly string[];
}

export interface CountOptions {
  /** Ignored where the recording holds counts and no spike times: its own bins are taken. */
  readonly binSeconds: number;
  /** The channels to take, in this order; all of them unless given. */
  readonly channelNames?: readonly string[];
}

/**
 * A named channel that the recording does not hold was silent. Throws `RecordingError` if most of them are missing or there
 * is nothing to count.
 */
export function recordedCounts(recording: Recording, options: CountOptions): RecordedCounts {
  const names = options.channelNames ?? recording.channels.map(({ name }) => name);
  const indices = names.map((name) => recording.channels.findIndex((channel) => channel.name === name));
  const missing = names.filter((_, c) => indices[c] < 0);
  if (missing.length > names.length / 2)
    throw new RecordingError(
      `${recording.name}: expected the channels that the emulator was fitted on, ${missing.length} of ${names.length} are missing or dead here, as ${JSON.stringify(missing[0])}: fit an emulator on this recording`,
    );
  const channels = indices.length;
  if (channels === 0) throw new RecordingError(`${recording.name}: no channel with spikes to count`);
  const binSeconds = recording.counts?.binSeconds ?? options.binSeconds;
  const bins = Math.floor(recording.durationSeconds / binSeconds + 1e-9);
  const counts = new Uint8Array(bins * channels);
  const add = (bin: number, c: number, count: number) => {
    if (bin < bins) counts[bin * channels + c] = Math.min(255, counts[bin * channels + c] + count);
  };
  indices.forEach((index, c) => {
    if (index < 0) return;
    if (recording.counts)
      recording.counts.read(index).forEach((count, bin) => {
        add(bin, c, count);
      });
    else
      for (const block of recording.readSpikes(index))
        for (const time of block) add(Math.floor(time / binSeconds), c, 1);
  });
  return { counts: { binSeconds, channels, sequences: [counts] }, channelNames: names };
}

/** The first 70 % of one sequence to train on, the next 10 % to validate, the last 20 % to test, each with what was before it. */
export function splitInTime(counts: CountSequences): Record<"train" | "validation" | "test", CountSequences> {
  const whole = counts.sequences[0];
  const bins = whole.length / counts.channels;
  const part = (from: number, to: number): CountSequences => ({
    ...counts,
    sequences: [
      whole.subarray(Math.floor(from * bins) * counts.channels, Math.floor(to * bins) * counts.channels),
    ],
    before: [whole.subarray(0, Math.floor(from * bins) * counts.channels)],
  });
  return { train: part(0, 0.7), validation: part(0.7, 0.8), test: part(0.8, 1) };
}
