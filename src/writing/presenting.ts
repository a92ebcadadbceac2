/**
 * What the tissue is given and what comes of it: a context's volleys, each followed by a write or not. The neural state is the counts of
 * each channel after the volleys, summed: what is said counts, not in which of the first 20 ms.
 *
 * Legend: C channels.
 */
import type { Write } from "../protocol/protocol.ts";
import type { Cultures } from "../session/cultures.ts";
import type { TrialWords } from "../session/recorder.ts";

export interface Shown {
  /** Empty: the context is not shown. */
  readonly places: readonly number[];
  readonly write: Write | null;
  readonly plasticity: number;
  /** In words, for who records. */
  readonly trial?: TrialWords;
}

export interface Answered {
  /** Counts `[C]` with the copies of what was written (by `share`, all if not given), and as the array read them. */
  withCopies(share?: number): Float32Array;
  readonly read: Float32Array;
  readonly pulses: number;
  readonly refused: number;
}

export async function show(
  cultures: Cultures,
  { places, write, plasticity, trial }: Shown,
): Promise<Answered> {
  const { frames, channels } = cultures.layouts[0];
  const datum = { places, volleys: frames.volleys.length };
  const presented = await cultures.present({
    data: [datum],
    writes: [write],
    plasticity,
    ...(trial && { trials: [trial] }),
  });
  const summed = (counts: Float32Array) => {
    const sums = new Float32Array(channels);
    for (let i = 0; i < counts.length; i++) sums[i % channels] += counts[i];
    return sums;
  };
  return {
    withCopies: (share = 1) => summed(presented.states([share])[0]),
    read: summed(presented.states([0])[0]),
    pulses: presented.pulses,
    refused: presented.refused,
  };
}

/** A write as training gives it. */
export function writeOf(cultures: Cultures, channels: readonly number[]): Write {
  return { channels, amplitude: 1, delayFrames: cultures.layouts[0].frames.write };
}
