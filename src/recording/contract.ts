/**
 * What a recording is to the rest of wetgrad, whatever file it came from: one culture (a dish, a well, an arm of a run) with
 * named channels, each a stream of spike times, and the intervals in which it was observed. A file holds one or more of
 * them. Nothing of the file's format leaves this room.
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
  /** What was given to the culture, and how much of it, as the file spells both. */
  readonly treatment?: string;
  readonly dose?: string;
  /** Name of the electrode layout. */
  readonly layout?: string;
  /** The reference that the file asks to cite. */
  readonly citation?: string;
  readonly startTime?: string;
  readonly samplingRateHz?: number;
  /** How spikes were found, where they were found here. */
  readonly detector?: string;
}

export type RecordingSource =
  | "mea-hdf5"
  | "nwb"
  | "cl1-hdf5"
  | "axion-spike-list"
  | "axion-counts"
  | "binned-csv"
  | "spike-list"
  | "axion-spk"
  | "blackrock-nev"
  | "maxwell-hdf5"
  | "mcs-hdf5"
  | "neuroexplorer-nex"
  | "open-ephys"
  | "phy"
  | "spikeinterface-npz"
  | "intan-rhd"
  | "intan-rhs"
  | "detected";

/** From `startSeconds` up to `endSeconds`. */
export interface Interval {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Something in a file that may have been read wrongly, and how to read it right. */
export interface Doubt {
  readonly kind:
    | "whole-number-times"
    | "lasts-days"
    | "all-channels-dead"
    | "mostly-silent"
    | "starts-late"
    | "overlapping-trials"
    | "times-fall-back"
    | "sampling-rate"
    | "two-cultures-in-one"
    | "mended"
    | "left-out"
    | "cut-short";
  /** One line. */
  readonly message: string;
  /** The option that settles it, where there is one. */
  readonly flag?: string;
}

/** Spike counts in equal bins, for files that hold no spike times. */
export interface RecordingCounts {
  readonly binSeconds: number;
  /** Counts of one channel, one per bin from the start of the recording. */
  read(channel: number): Float64Array;
}

/** One culture of an opened file. Times are seconds from its start; `close` it when done. */
export interface Recording {
  /** The file's name without folder and extension. */
  readonly name: string;
  /** Of the culture, where the file holds several or names it: a well, a dish, an arm of a run. */
  readonly culture?: string;
  readonly source: RecordingSource;
  /** What the file's clock showed at the start. */
  readonly startSeconds: number;
  /** From the start to the end of the last observation. */
  readonly durationSeconds: number;
  /** When it was recorded, ascending, apart from one another; nothing is known of the times between. */
  readonly observed: readonly Interval[];
  /** Trials or epochs, where the file has them. */
  readonly trials: readonly Interval[];
  readonly channels: readonly RecordingChannel[];
  readonly meta: RecordingMeta;
  /** Present only where the file holds counts and no spike times; `readSpikes` then throws. */
  readonly counts?: RecordingCounts;
  /** The spike times (seconds, ascending) of `channels[channel]`, in blocks, each valid after the next is drawn. */
  readSpikes(channel: number): Iterable<Float64Array>;
  close(): void;
}

/** An opened file: its cultures side by side. Closing it closes them all. */
export interface RecordingFile {
  readonly name: string;
  readonly source: RecordingSource;
  /** In natural order of their names; at least one. */
  readonly cultures: readonly Recording[];
  readonly doubts: readonly Doubt[];
  close(): void;
}

/** How a file is to be read where it does not say so itself, or says it wrongly. */
export interface ReadOptions {
  /** One unit of its times; `samples` needs `samplingRateHz`. */
  readonly timeUnit?: "s" | "ms" | "us" | "samples";
  readonly samplingRateHz?: number;
  /** Only what lies between these is taken, and all of it counts as observed; on the file's clock. */
  readonly fromSeconds?: number;
  readonly toSeconds?: number;
  /** Find spikes in raw samples, at this many standard deviations of the noise. */
  readonly detect?: number;
  /** Whether the clock begins anew in every trial. */
  readonly trials?: "restart" | "go-on";
}

/** And which of its cultures, where it holds several. */
export interface ReadCulture extends ReadOptions {
  readonly culture?: string;
}

/** The file's name, and the culture's where it has one. */
export function labelOf({ name, culture }: Pick<Recording, "name" | "culture">): string {
  return culture === undefined ? name : `${name} ${culture}`;
}

/** How long the culture was observed, gaps left out. */
export function observedSeconds({ observed }: Pick<Recording, "observed">): number {
  return observed.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
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
