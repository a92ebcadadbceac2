/** A recording file as forecasters take it: double detections and dead channels taken out, spikes counted in equal bins. */
import { cleanSpikes } from "../../recording/clean.ts";
import {
  type Doubt,
  labelOf,
  type ReadCulture,
  type Recording,
  type RecordingChannel,
} from "../../recording/contract.ts";
import { cultureNamed } from "../../recording/cultures/cultures.ts";
import { openRecordingFile } from "../../recording/open.ts";
import { type CountOptions, type RecordedCounts, recordedCounts } from "./recorded-counts.ts";

export interface CountedRecording extends RecordedCounts {
  /** Of the file, and of the culture where it has a name. */
  readonly name: string;
  /** What the file's clock showed at the start. */
  readonly startSeconds: number;
  readonly doubts: readonly Doubt[];
  /** The recording's live channels. */
  readonly channels: readonly RecordingChannel[];
  readonly cleaning: {
    /** In words, for reports. */
    readonly filter: string;
    readonly spikes: number;
    readonly kept: number;
    /** Share of same-channel intervals below 1 ms, before filtering. */
    readonly doubleDetectionShare: number;
    readonly deadChannels: readonly string[];
  };
}

export interface CountFileOptions extends CountOptions {
  /** How to read the file, and which of its cultures. */
  readonly read?: ReadCulture;
}

/** Channels that `options` name are taken whether they are alive here or not. Throws `RecordingError`. */
export async function countRecording(path: string, options: CountFileOptions): Promise<CountedRecording> {
  const file = await openRecordingFile(path, options.read);
  try {
    return { ...count(cultureNamed(file, options.read?.culture), options), doubts: file.doubts };
  } finally {
    file.close();
  }
}

function count(raw: Recording, options: CountOptions): Omit<CountedRecording, "doubts"> {
  const { recording, report } = cleanSpikes(raw, options.channelNames ? { deadBelowHz: 0 } : {});
  const { counts, channelNames } = recordedCounts(recording, options);
  const { startSeconds } = recording;
  return {
    name: labelOf(recording),
    startSeconds,
    counts,
    channelNames,
    channels: recording.channels,
    cleaning: {
      filter: report.filter,
      spikes: report.spikes,
      kept: report.kept,
      doubleDetectionShare: report.shortIntervalShare,
      deadChannels: report.deadChannels,
    },
  };
}
