/** Spikes found in raw samples, channel by channel, by the detector that live devices use. */
import { SpikeBlocks } from "../blocks.ts";
import { RecordingError } from "../contract.ts";
import type { FileChannel, SpikeFile } from "../cultures/spike-file.ts";
import type { SignalRecording } from "../signals/contract.ts";
import { ThresholdDetector, thresholdDefaults } from "./threshold.ts";

/** Slower channels hold no action potentials. */
const SLOWEST_HZ = 2000;
const BLOCK = 1 << 14;

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
    for (const { index, label, rateHz, samples, xUm, yUm, group } of fast) {
      const key = `${label}\0${index}`;
      about.set(key, {
        name: label,
        ...(xUm === undefined || yUm === undefined ? {} : { xUm, yUm }),
        ...(group === undefined ? {} : { group }),
      });
      spikes.channel(key);
      for (const frame of framesOf(signals, { index, rateHz, samples }, factor))
        spikes.add(key, frame / rateHz);
    }
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

interface Sampled {
  readonly index: number;
  readonly rateHz: number;
  readonly samples: number;
}

/** The first window is heard twice: once for its noise, then for its spikes. */
function* framesOf(
  signals: SignalRecording,
  { index, rateHz, samples }: Sampled,
  factor: number,
): Generator<number> {
  const defaults = thresholdDefaults(rateHz);
  const windowFrames = Math.min(samples, Math.round(defaults.windowS * rateHz));
  const detector = new ThresholdDetector(rateHz, { ...defaults, factor, windowS: windowFrames / rateHz });
  const hear = function* (from: number, to: number, base: number): Generator<number> {
    for (let at = from; at < to; at += BLOCK) {
      const block = signals.read(at, Math.min(BLOCK, to - at), [index]);
      for (let i = 0; i < block.length; i++) if (detector.next(base + at + i, block[i])) yield at + i;
    }
  };
  for (const _ of hear(0, windowFrames, -windowFrames)); // what it finds there has no threshold yet
  detector.gap();
  yield* hear(0, samples, 0);
}
