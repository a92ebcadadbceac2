/**
 * Finds what is wrong with detected spikes and takes it out: double detections (one spike crossing the threshold
 * twice shows as an interval far below the refractory period) and dead channels. A spike closer than the refractory
 * time to the last kept spike of its channel is dropped. The original recording stays as it is.
 */
import { observedSeconds, type Recording, RecordingError } from "./contract.ts";

/** Intervals below this can hardly be two spikes of one neuron. */
const DOUBLE_DETECTION_SECONDS = 1e-3;

export interface CleanOptions {
  /** Spikes closer to the last kept one than this are dropped; 1000 unless told, 0 drops none. */
  readonly refractoryUs?: number;
  /** Channels below this rate after filtering count as dead; 0.01 (one spike in 100 s) unless told. */
  readonly deadBelowHz?: number;
}

export interface ChannelReport {
  readonly name: string;
  readonly spikes: number;
  readonly kept: number;
  /** Share of inter-spike intervals below 1 ms, before filtering. */
  readonly shortIntervalShare: number;
}

export interface CleanReport {
  /** The filter in words, for reports. */
  readonly filter: string;
  readonly refractoryUs: number;
  readonly spikes: number;
  readonly kept: number;
  /** Share of all same-channel intervals below 1 ms, before filtering. */
  readonly shortIntervalShare: number;
  readonly deadChannels: readonly string[];
  readonly channels: readonly ChannelReport[];
}

/** The recording without double detections and dead channels, and what was found. Closing it closes the original. */
export function cleanSpikes(
  recording: Recording,
  options: CleanOptions = {},
): { recording: Recording; report: CleanReport } {
  const { refractoryUs = 1000, deadBelowHz = 0.01 } = options;
  if (!(refractoryUs >= 0))
    throw new RecordingError(`cleanSpikes: expected refractoryUs >= 0, got ${refractoryUs}`);
  const reports = recording.channels.map((_, channel) => examine(recording, channel, refractoryUs));
  const minSpikes = deadBelowHz * observedSeconds(recording);
  const alive = reports.flatMap(({ kept }, channel) => (kept > 0 && kept >= minSpikes ? [channel] : []));
  const intervals = reports.reduce((sum, { spikes }) => sum + Math.max(0, spikes - 1), 0);
  const short = reports.reduce(
    (sum, report) => sum + report.shortIntervalShare * Math.max(0, report.spikes - 1),
    0,
  );
  const { counts } = recording;
  return {
    recording: {
      ...recording,
      channels: alive.map((channel) => ({
        ...recording.channels[channel],
        spikeCount: reports[channel].kept,
      })),
      readSpikes: (index) => {
        const channel = alive[index];
        if (channel === undefined)
          throw new RecordingError(`${recording.name}: no channel ${index} of ${alive.length}`);
        return refractory(recording.readSpikes(channel), refractoryUs);
      },
      ...(counts ? { counts: { ...counts, read: (index: number) => counts.read(alive[index]) } } : {}),
      close: () => recording.close(),
    },
    report: {
      filter: counts
        ? `channels below ${deadBelowHz} Hz left out; double detections cannot be told from counts`
        : `spikes within ${refractoryUs} us of the last kept one dropped; channels below ${deadBelowHz} Hz left out`,
      refractoryUs: counts ? 0 : refractoryUs,
      spikes: reports.reduce((sum, report) => sum + report.spikes, 0),
      kept: alive.reduce((sum, channel) => sum + reports[channel].kept, 0),
      shortIntervalShare: intervals === 0 ? 0 : short / intervals,
      deadChannels: reports.flatMap(({ name }, channel) => (alive.includes(channel) ? [] : [name])),
      channels: reports,
    },
  };
}

function examine(recording: Recording, channel: number, refractoryUs: number): ChannelReport {
  const { name, spikeCount } = recording.channels[channel];
  if (recording.counts) return { name, spikes: spikeCount, kept: spikeCount, shortIntervalShare: 0 };
  let spikes = 0;
  let short = 0;
  let last = Number.NEGATIVE_INFINITY;
  let kept = 0;
  let lastKept = Number.NEGATIVE_INFINITY;
  const gap = refractoryUs * 1e-6;
  for (const block of recording.readSpikes(channel))
    for (const time of block) {
      if (time - last < DOUBLE_DETECTION_SECONDS) short++;
      if (time - lastKept >= gap) {
        kept++;
        lastKept = time;
      }
      last = time;
      spikes++;
    }
  return { name, spikes, kept, shortIntervalShare: spikes > 1 ? short / (spikes - 1) : 0 };
}

/** Drops spikes closer than `refractoryUs` to the last kept one. */
export function* refractory(blocks: Iterable<Float64Array>, refractoryUs: number): Generator<Float64Array> {
  const gap = refractoryUs * 1e-6;
  let lastKept = Number.NEGATIVE_INFINITY;
  for (const block of blocks) {
    const kept = block.filter((time) => {
      if (time - lastKept < gap) return false;
      lastKept = time;
      return true;
    });
    if (kept.length > 0) yield kept;
  }
}
