/**
 * What is the same in every CL1 recording: 64 channels at 25 kHz on an 8 x 8 grid that is numbered down its
 * columns. The four corners are ground, channel 4 is the reference. https://docs.corticallabs.com
 */
export const CL1_CHANNELS = 64;
export const CL1_FRAMES_PER_SECOND = 25_000;
/** Microvolts of one unit of /samples. */
export const CL1_MICROVOLTS_PER_UNIT = 0.195;
/** Samples that the CL1 keeps of each spike: 25 before it and 50 after, microvolts around zero. */
export const CL1_SPIKE_SAMPLES = 75;
export const CL1_GROUND: readonly number[] = [0, 7, 56, 63];
export const CL1_REFERENCE = 4;

/** Place of a channel on the grid, both from 0. */
export function cl1Place(channel: number): { readonly column: number; readonly row: number } {
  if (!(Number.isInteger(channel) && channel >= 0 && channel < CL1_CHANNELS))
    throw new RangeError(`cl1Place: expected a channel from 0 to ${CL1_CHANNELS - 1}, got ${channel}`);
  return { column: Math.floor(channel / 8), row: channel % 8 };
}
