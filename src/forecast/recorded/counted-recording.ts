/** A recording file as forecasters take it: double detections and dead channels taken out, spikes counted in equal bins. */
import { cleanSpikes } from "../../recording/clean.ts";
import type { RecordingChannel } from "../../recording/contract.ts";
import { openRecording } from "../../recording/open.ts";
import { type CountOptions, type RecordedCounts, recordedCounts } from "./recorded-counts.ts";

export interface CountedRecording extends RecordedCounts {
  readonly name: string;
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

/** Channels that `options` name are taken whether they are alive here or not. Throws `RecordingError`. */
export async function countRecording(path: string, options: CountOptions): Promise<CountedRecording> {
  const raw = await openRecording(path);
  try {
    const { recording, report } = cleanSpikes(raw, options.channelNames ? { deadBelowHz: 0 } : {});
    const { counts, channelNames } = recordedCounts(recording, options);
    return {
      name: recording.name,
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
  } finally {
    raw.close();
  }
}
