/**
 * Spike counts of a recording in equal bins, as forecasters take them. Spikes are read channel by channel in blocks, so
 * that all that is held is one byte per bin and channel.
 */
import { type Recording, RecordingError } from "../../recording/contract.ts";
import { binsOf, type CountSequences } from "../windows/forecaster.ts";

export interface RecordedCounts {
  /** A sequence `[T, C]` for each observed stretch. */
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
  const stretches = recording.observed.map(({ startSeconds, endSeconds }) => {
    const bins = Math.floor((endSeconds - startSeconds) / binSeconds + 1e-9);
    return { startSeconds, endSeconds, bins, counts: new Uint8Array(bins * channels) };
  });
  indices.forEach((index, c) => {
    if (index < 0) return;
    let next = 0;
    const add = (seconds: number, count: number) => {
      while (next + 1 < stretches.length && seconds >= stretches[next].endSeconds) next++;
      const { startSeconds, bins, counts } = stretches[next];
      const bin = Math.floor((seconds - startSeconds) / binSeconds);
      if (bin >= 0 && bin < bins)
        counts[bin * channels + c] = Math.min(255, counts[bin * channels + c] + count);
    };
    if (recording.counts)
      recording.counts.read(index).forEach((count, bin) => {
        add((bin + 0.5) * binSeconds, count);
      });
    else for (const block of recording.readSpikes(index)) for (const time of block) add(time, 1);
  });
  const sequences = stretches.filter(({ bins }) => bins > 0).map(({ counts }) => counts);
  if (sequences.length === 0)
    throw new RecordingError(
      `${recording.name}: expected at least one observed stretch of ${binSeconds} s to count in, got ${recording.durationSeconds} s in all`,
    );
  return { counts: { binSeconds, channels, sequences }, channelNames: names };
}

/**
 * The first 70 % of the bins to train on, the next 10 % to validate, the last 20 % to test, each stretch with what was
 * recorded right before it.
 */
export function splitInTime(counts: CountSequences): Record<"train" | "validation" | "test", CountSequences> {
  const { channels, sequences } = counts;
  const bins = binsOf(counts);
  const part = (from: number, to: number): CountSequences => {
    const [first, last] = [Math.floor(from * bins), Math.floor(to * bins)];
    const taken: Uint8Array[] = [];
    const before: Uint8Array[] = [];
    let at = 0;
    for (const sequence of sequences) {
      const length = sequence.length / channels;
      const [start, stop] = [Math.max(0, first - at), Math.min(length, last - at)];
      at += length;
      if (stop <= start) continue;
      taken.push(sequence.subarray(start * channels, stop * channels));
      before.push(sequence.subarray(0, start * channels));
    }
    return { ...counts, sequences: taken, before };
  };
  return { train: part(0, 0.7), validation: part(0.7, 0.8), test: part(0.8, 1) };
}
