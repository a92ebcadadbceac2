/**
 * Spike counts of a recording in windows, `[N, electrodes]`. The spikes are read once, block by block; what is many lies in a temporary
 * file, so that memory stays flat for any length.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Recording } from "../../recording/contract.ts";
import { temporaryFolder } from "../../recording/temporary.ts";
import { FeatureError } from "../error.ts";
import { type Windows, windowsInMemory } from "./windows.ts";

export interface RecordingWindows extends Windows {
  /** Of each window, seconds from the recording's start. */
  readonly startSeconds: Float64Array;
  readonly windowSeconds: number;
  /** Channels of the recording that have spikes: the columns. */
  readonly channels: readonly number[];
  close(): void;
}

/** Rows of a chunk that is counted at once. */
const CHUNK = 8192;
/** Counts up to so many bytes stay in memory. */
const IN_MEMORY_BYTES = 128 * 2 ** 20;

export interface RecordingWindowOptions {
  readonly windowSeconds: number;
  /** Channels by name, in this order; all that have spikes if not given. */
  readonly names?: readonly string[];
  readonly inMemoryBytes?: number;
}

/** Windows of `windowSeconds` that lie whole within what was observed. Throws `FeatureError`. */
export function windowsOfRecording(
  recording: Recording,
  { windowSeconds, names, inMemoryBytes = IN_MEMORY_BYTES }: RecordingWindowOptions,
): RecordingWindows {
  const channels = columnsOf(recording, names);
  if (channels.length === 0)
    throw new FeatureError(`${recording.name}: expected spikes, got none: all channels are silent`);
  const starts = recording.observed.flatMap(({ startSeconds, endSeconds }) =>
    Array.from(
      { length: Math.floor((endSeconds - startSeconds) / windowSeconds + 1e-9) },
      (_, i) => startSeconds + i * windowSeconds,
    ),
  );
  const [N, D] = [starts.length, channels.length];
  const store = N * D * 2 <= inMemoryBytes ? inMemory(N, D) : inFile(N, D);
  const counters = channels.map((channel) => counterOf(recording, channel, windowSeconds));
  for (let from = 0; from < N; from += CHUNK) {
    const to = Math.min(N, from + CHUNK);
    const chunk = new Uint16Array((to - from) * D);
    for (const [d, count] of counters.entries())
      for (let n = from; n < to; n++) chunk[(n - from) * D + d] = Math.min(65535, count(starts[n]));
    store.write(chunk, from);
  }
  return {
    ...store.windows,
    startSeconds: Float64Array.from(starts),
    windowSeconds,
    channels,
    close: store.close,
  };
}

function columnsOf(recording: Recording, names: readonly string[] | undefined): number[] {
  if (!names) return recording.channels.flatMap(({ spikeCount }, c) => (spikeCount > 0 ? [c] : []));
  return names.map((name) => {
    const channel = recording.channels.findIndex((one) => one.name === name);
    if (channel < 0)
      throw new FeatureError(`${recording.name}: expected a channel ${name}, got none of that name`);
    return channel;
  });
}

/** Counts of the window that begins at a time; times have to ascend. */
function counterOf(recording: Recording, channel: number, windowSeconds: number): (start: number) => number {
  if (recording.counts) {
    const { binSeconds, read } = recording.counts;
    const bins = Math.round(windowSeconds / binSeconds);
    if (Math.abs(bins * binSeconds - windowSeconds) > 1e-6 || bins < 1)
      throw new FeatureError(
        `${recording.name}: expected windows of a multiple of its bins (${binSeconds} s), got ${windowSeconds} s: choose another --window-ms`,
      );
    const counts = read(channel);
    return (start) => {
      const first = Math.round(start / binSeconds);
      let sum = 0;
      for (let i = first; i < first + bins && i < counts.length; i++) sum += counts[i];
      return sum;
    };
  }
  const spikes = flattened(recording.readSpikes(channel));
  let next = spikes.next();
  return (start) => {
    while (!next.done && next.value < start) next = spikes.next();
    let count = 0;
    for (; !next.done && next.value < start + windowSeconds; next = spikes.next()) count++;
    return count;
  };
}

function* flattened(blocks: Iterable<Float64Array>): Generator<number, void> {
  for (const block of blocks) yield* block;
}

interface Store {
  readonly windows: Windows;
  write(chunk: Uint16Array, fromWindow: number): void;
  close(): void;
}

function inMemory(N: number, D: number): Store {
  const counts = new Uint16Array(N * D);
  return {
    windows: windowsInMemory(counts, D),
    write: (chunk, from) => counts.set(chunk, from * D),
    close: () => {},
  };
}

function inFile(N: number, D: number): Store {
  const folder = temporaryFolder("windows");
  const file = openSync(join(folder, "windows"), "w+");
  const row = new Uint16Array(D);
  return {
    windows: {
      count: N,
      width: D,
      read(indices, out, stride) {
        for (let i = 0; i < indices.length; i++) {
          readSync(file, row, 0, row.byteLength, indices[i] * row.byteLength);
          out.set(row, i * stride);
        }
      },
    },
    write: (chunk, from) => void writeSync(file, chunk, 0, chunk.byteLength, from * row.byteLength),
    close() {
      closeSync(file);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
