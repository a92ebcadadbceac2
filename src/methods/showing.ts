/** One lesson shown with a write and a plasticity of its own, and what the prediction zone answered. One culture. */
import type { Write } from "../protocol/protocol.ts";
import type { Training } from "./contract.ts";
import type { Lesson } from "./lessons.ts";

export interface Shown {
  /** Spikes on the prediction zone outside the datum's own bin. */
  readonly activity: number;
  /** Counts `[B, C]` as read. */
  readonly read: Float32Array;
  /** Pulses that reached the tissue, those of them on the write's electrodes, and those that were refused. */
  readonly pulses: number;
  readonly writePulses: number;
  readonly refused: number;
}

/** `channels`: electrodes of the write; none is made if not given. */
export async function show<M, I>(
  { cultures }: Training<M, I>,
  { datum, nextClass, step }: Lesson,
  plasticity: number,
  channels?: readonly number[],
): Promise<Shown> {
  const [layout] = cultures.layouts;
  const write: Write | null = channels ? { channels, amplitude: 1, delayFrames: layout.frames.write } : null;
  const { read, delivered, pulses, refused } = await cultures.present({
    data: [datum],
    writes: [write],
    plasticity,
    notes: [{ nextClass, step }],
  });
  return {
    activity: answerOf(read[0], layout.channels, layout.roles.prediction).reduce(
      (sum, count) => sum + count,
      0,
    ),
    read: read[0],
    pulses,
    writePulses: delivered[0].pulses.filter(({ channel }) => channels?.includes(channel)).length,
    refused,
  };
}

/** Spikes on each of `electrodes`, outside the datum's own bin, of counts `[B, C]`. */
export function answerOf(
  counts: Float32Array,
  channels: number,
  electrodes: readonly number[],
): Float32Array {
  return Float32Array.from(electrodes, (channel) => {
    let sum = 0;
    for (let at = channels + channel; at < counts.length; at += channels) sum += counts[at];
    return sum;
  });
}

/** What was shown in a cycle, added up. */
export class ShownSum {
  presentations = 0;
  pulses = 0;
  writePulses = 0;
  refused = 0;

  add({ pulses, writePulses, refused }: Shown): void {
    this.presentations++;
    this.pulses += pulses;
    this.writePulses += writePulses;
    this.refused += refused;
  }
}
