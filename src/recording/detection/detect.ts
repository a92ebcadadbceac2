/** Spikes found in raw samples, each channel for itself, by the detector that live devices use. */
import { SpikeBlocks } from "../blocks.ts";
import { RecordingError } from "../contract.ts";
import type { FileChannel, SpikeFile } from "../cultures/spike-file.ts";
import type { SignalChannel, SignalRecording } from "../signals/contract.ts";
import { ThresholdDetector, thresholdDefaults } from "./threshold.ts";

/** Slower channels hold no action potentials. */
const SLOWEST_HZ = 2000;
const BLOCK = 1 << 14;
/** Channels that are read together; with more, a block would not fit into a few megabytes. */
const MOST_TOGETHER = 64;

/** Closes `signals`. Throws `RecordingError` where no channel is sampled fast enough. */
export function detectSpikes(signals: SignalRecording, factor: number): SpikeFile {
  try {
    const fast = signals.channels.flatMap((channel, index) =>
      channel.rateHz >= SLOWEST_HZ ? [{ ...channel, index }] : [],
    );
    if (fast.length === 0)
      throw new RecordingError(
        `${signals.name}: expected channels of at least ${SLOWEST_HZ} Hz to find spikes in, got ${[...new Set(signals.channels.map(({ rateHz }) => rateHz))].slice(0, 5).join(", ")} Hz`,
      );
    const spikes = new SpikeBlocks();
    const about = new Map<string, Partial<FileChannel>>();
    for (const { index, label, xUm, yUm, group } of fast) {
      const key = keyOf({ index, label });
      about.set(key, {
        name: label,
        ...(xUm === undefined || yUm === undefined ? {} : { xUm, yUm }),
        ...(group === undefined ? {} : { group }),
      });
      spikes.channel(key);
    }
    for (const together of readTogether(fast))
      for (const [row, frame] of framesOf(signals, together, factor))
        spikes.add(keyOf(together[row]), frame / together[row].rateHz);
    return {
      name: signals.name,
      source: "detected",
      channels: spikes.finish((key) => about.get(key) ?? {}),
      span: { startSeconds: 0, endSeconds: signals.durationSeconds },
      clockSeconds: signals.startSeconds ?? 0,
      meta: { samplingRateHz: fast[0].rateHz, detector: detectorText(fast[0].rateHz, factor) },
      ...(signals.doubts ? { doubts: signals.doubts } : {}),
      readSpikes: (channel) => spikes.read(channel),
      close: () => spikes.close(),
    };
  } finally {
    signals.close();
  }
}

function detectorText(rateHz: number, factor: number): string {
  const { highPassHz, deadTimeUs } = thresholdDefaults(rateHz);
  return `negative crossings of ${factor} standard deviations of the noise (median/0.6745), above ${highPassHz} Hz, ${deadTimeUs} us apart`;
}

type Sampled = SignalChannel & { readonly index: number };

function keyOf({ index, label }: Pick<Sampled, "index" | "label">): string {
  return `${label}\0${index}`;
}

/** Channels of one rate and length, a few dozen at a time. */
function readTogether(channels: readonly Sampled[]): Sampled[][] {
  const groups: Sampled[][] = [];
  const open = new Map<string, Sampled[]>();
  for (const channel of channels) {
    const key = `${channel.rateHz} ${channel.samples}`;
    let group = open.get(key);
    if (!group || group.length === MOST_TOGETHER) {
      groups.push((group = []));
      open.set(key, group);
    }
    group.push(channel);
  }
  return groups;
}

/** The first window is heard twice: once for its noise, then for its spikes. */
function* framesOf(
  signals: SignalRecording,
  channels: readonly Sampled[],
  factor: number,
): Generator<[row: number, frame: number]> {
  const [{ rateHz, samples }] = channels;
  const indices = channels.map(({ index }) => index);
  const defaults = thresholdDefaults(rateHz);
  const windowFrames = Math.min(samples, Math.round(defaults.windowS * rateHz));
  const detectors = channels.map(
    () => new ThresholdDetector(rateHz, { ...defaults, factor, windowS: windowFrames / rateHz }),
  );
  const hear = function* (from: number, to: number, base: number): Generator<[number, number]> {
    for (let at = from; at < to; at += BLOCK) {
      const length = Math.min(BLOCK, to - at);
      const block = signals.read(at, length, indices);
      for (const [row, detector] of detectors.entries())
        for (let i = 0; i < length; i++)
          if (detector.next(base + at + i, block[row * length + i])) yield [row, at + i];
    }
  };
  for (const _ of hear(0, windowFrames, -windowFrames)); // what it finds there has no threshold yet
  for (const detector of detectors) detector.gap();
  yield* hear(0, samples, 0);
}
