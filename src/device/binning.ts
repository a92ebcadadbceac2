/** Spike counts in time bins: the neural state `w` that the emulator sees. */
import type { Frame, Spikes } from "./contract.ts";

/** The shape of a neural state `[bins, channels]`, and how long each of its bins is. */
export interface StateBins {
  readonly binFrames: number;
  readonly bins: number;
  readonly channels: number;
}

/**
 * Counts of the spikes in `[fromFrame, fromFrame + bins * binFrames)`, shape `[bins, channels]`; spikes outside, or
 * on channels from `channels` on, are not counted.
 */
export function binSpikes(
  spikes: Spikes,
  fromFrame: Frame,
  { binFrames, bins, channels }: StateBins,
): Float32Array {
  for (const [name, value] of Object.entries({ binFrames, bins, channels }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`binSpikes: expected ${name} to be a positive integer, got ${value}`);
  const counts = new Float32Array(bins * channels);
  const { frames } = spikes;
  for (let i = firstAtOrAfter(frames, fromFrame); i < frames.length; i++) {
    const bin = Math.floor((frames[i] - fromFrame) / binFrames);
    if (bin >= bins) break;
    const channel = spikes.channels[i];
    if (channel < channels) counts[bin * channels + channel]++;
  }
  return counts;
}

/** Index of the first of the ascending `frames` at or after `frame`. */
function firstAtOrAfter(frames: Float64Array, frame: Frame): number {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (frames[middle] < frame) low = middle + 1;
    else high = middle;
  }
  return low;
}
