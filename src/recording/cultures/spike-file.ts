/**
 * What a reader makes of a file: all its channels in one list, each with the culture that it belongs to, and times as the
 * file's clock has them. cultures.ts makes recordings of it.
 */
import type {
  Doubt,
  Interval,
  RecordingChannel,
  RecordingCounts,
  RecordingMeta,
  RecordingSource,
} from "../contract.ts";

export interface FileChannel extends RecordingChannel {
  /** Name of its culture; absent where the file holds one and does not name it. */
  readonly culture?: string;
}

/** What a file says of one of its cultures, or of all of them. Times as `readSpikes` gives them. */
export interface CultureFacts {
  /** From where to where it was recorded. Spikes outside are believed, and widen it. */
  readonly span?: Interval;
  /** Known only where the beginning, or the end, is. */
  readonly startSeconds?: number;
  readonly endSeconds?: number;
  /** The stretches that were recorded, where there are several. Spikes outside are left out. */
  readonly observed?: readonly Interval[];
  readonly trials?: readonly Interval[];
  readonly meta?: RecordingMeta;
}

export interface SpikeFile extends CultureFacts {
  readonly name: string;
  readonly source: RecordingSource;
  readonly channels: readonly FileChannel[];
  /** By culture; what is said there stands before what is said of all. */
  readonly cultures?: ReadonlyMap<string, CultureFacts>;
  /** What the file's clock showed where `readSpikes` counts from; 0 unless told. */
  readonly clockSeconds?: number;
  readonly doubts?: readonly Doubt[];
  readonly counts?: RecordingCounts;
  /** Ascending; may begin below 0. */
  readSpikes(channel: number): Iterable<Float64Array>;
  close(): void;
}
