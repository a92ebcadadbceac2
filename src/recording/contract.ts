/**
 * What a recording is to the rest of wetgrad, whatever file it came from: named channels, each a stream of spike
 * times. Nothing of the file's format leaves this room.
 */

/** One recorded electrode or sorted unit. */
export interface RecordingChannel {
  readonly name: string;
  /** Position on the array where the file gives it. */
  readonly xUm?: number;
  readonly yUm?: number;
  /** What the file groups channels by: region, electrode group, well. */
  readonly group?: string;
  /** Spikes in the file, before any cleaning; 0 for a counts-only recording's silent channel too. */
  readonly spikeCount: number;
}

/** What the file tells of the preparation. Absent where it tells nothing. */
export interface RecordingMeta {
  /** Days in vitro. */
  readonly divDays?: number;
  /** Age of the animal in days, where the tissue was not cultured. */
  readonly ageDays?: number;
  readonly region?: string;
  readonly species?: string;
  readonly strain?: string;
  readonly genotype?: string;
  readonly condition?: string;
  /** Name of the electrode layout. */
  readonly layout?: string;
  /** The reference that the file asks to cite. */
  readonly citation?: string;
  readonly startTime?: string;
  readonly samplingRateHz?: number;
}

export type RecordingSource =
  | "mea-hdf5"
  | "nwb"
  | "cl1-hdf5"
  | "axion-spike-list"
  | "axion-counts"
  | "binned-csv"
  | "spike-list";

/** Spike counts in equal bins, for files that hold no spike times. */
export interface RecordingCounts {
  readonly binSeconds: number;
  /** Counts of one channel, one per bin from the start of the recording. */
  read(channel: number): Float64Array;
}

/** An opened recording. Times are seconds from its start; `close` it when done. */
export interface Recording {
  /** The file's name without folder and extension. */
  readonly name: string;
  readonly source: RecordingSource;
  readonly durationSeconds: number;
  readonly channels: readonly RecordingChannel[];
  readonly meta: RecordingMeta;
  /** Present only where the file holds counts and no spike times; `readSpikes` then throws. */
  readonly counts?: RecordingCounts;
  /** The spike times (seconds, ascending) of `channels[channel]`, in blocks, each valid after the next is drawn. */
  readSpikes(channel: number): Iterable<Float64Array>;
  close(): void;
}

/** A recording that cannot be read or written: one line saying what was expected, what was found, what to do. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";

  /** Line ends, which a damaged file can bring into a message, become spaces. */
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/[\r\n]+/g, " "), options);
  }
}

/** All spikes of one channel in one array; for channels known to be small. */
export function allSpikes(recording: Recording, channel: number): Float64Array {
  const times = new Float64Array(recording.channels[channel]?.spikeCount ?? 0);
  let n = 0;
  for (const block of recording.readSpikes(channel)) {
    times.set(block, n);
    n += block.length;
  }
  return n === times.length ? times : times.slice(0, n);
}
