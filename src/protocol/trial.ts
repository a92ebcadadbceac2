/** One presentation of a datum to the culture, through the device: pulses in, neural state out. */
import { binSpikes } from "../device/binning.ts";
import type { Device, Frame, Pulse, Spikes } from "../device/contract.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { BIN_FRAMES, BINS, TRIAL_FRAMES, VOLLEY_FRAMES, type Write } from "./protocol.ts";

/** What one presentation left behind. */
export interface Trial {
  readonly startFrame: Frame;
  /** `[BINS, channels]` spike counts after a volley as read, outside the artifact windows, summed over volleys. */
  readonly counts: Float32Array;
  readonly spikes: Spikes;
  readonly pulses: readonly Pulse[];
}

/** Presents a datum on `context` electrodes, each volley followed by `write` if given, and reads to the trial's end. */
export async function runTrial(device: Device, context: readonly number[], write?: Write): Promise<Trial> {
  const startFrame = device.now();
  const pulses = VOLLEY_FRAMES.flatMap((volley) => {
    const at = startFrame + volley;
    const datum = pulsesFor(context, 1, at, device.profile);
    if (!write) return datum;
    return [...datum, ...pulsesFor(write.channels, write.amplitude, at + write.delayFrames, device.profile)];
  });
  await device.stimulate(pulses);
  const spikes = await device.read(startFrame + TRIAL_FRAMES);
  const channels = device.profile.electrodes.length;
  const counts = new Float32Array(BINS * channels);
  for (const volley of VOLLEY_FRAMES) {
    const after = binSpikes(spikes, startFrame + volley, BIN_FRAMES, BINS, channels);
    for (let i = 0; i < counts.length; i++) counts[i] += after[i];
  }
  return { startFrame, counts, spikes, pulses };
}

/** Expected directly evoked spikes on a stimulated electrode, which the artifact windows hide from the reading. */
const EFFERENCE_COUNT = 4 * VOLLEY_FRAMES.length;

/**
 * The neural state with the efference copy added: stimulation artifacts hide the spikes that a pulse evokes
 * directly, so the pulse itself is put in their place, in its own bin. Changes `counts` and returns it.
 *
 * `writeShare` scales the copy of the write alone: babbling varies it, so that the bridge also learns states in
 * which no pulse hides anything, as the culture's own predictions are.
 */
export function addEfference(
  counts: Float32Array,
  context: readonly number[],
  write?: Write,
  writeShare = 1,
): Float32Array {
  const channels = counts.length / BINS;
  for (const channel of context) counts[channel] += EFFERENCE_COUNT;
  if (write) {
    const from = Math.floor(write.delayFrames / BIN_FRAMES) * channels;
    for (const channel of write.channels)
      counts[from + channel] += EFFERENCE_COUNT * write.amplitude * writeShare;
  }
  return counts;
}
