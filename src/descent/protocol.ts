/**
 * The timing of one presentation, in frames of 40 us: the context pulses at 0, the write (if any) a few
 * milliseconds later, the neural state read over the first 20 ms, then silence until 100 ms.
 */
import type { Frame } from "../device/contract.ts";

export const FRAMES_PER_MS = 25;
/** Length of one presentation. */
export const TRIAL_FRAMES = 100 * FRAMES_PER_MS;
/** The write follows the context by this. Long enough for the context's own volley, inside the STDP window. */
export const WRITE_FRAME = 7 * FRAMES_PER_MS;
/** Babbling tries several delays, because the culture's own prediction comes at none in particular. */
export const BABBLE_WRITE_FRAMES = [4, 5, 7, 9].map((ms) => ms * FRAMES_PER_MS);

/** The neural state of a presentation: `BINS` bins of `BIN_FRAMES`. */
export const BINS = 5;
export const BIN_FRAMES = 4 * FRAMES_PER_MS;
/** Bins that have come in before any write can begin: what the sensory patch is made of. */
export const SENSORY_BINS = 1;

/** Electrodes pulsed for a datum, and for a write. */
export const PATTERN_SIZE = 4;

/** Plasticity while babbling and probing, as a share of the full rate: both would overwrite what is learned. */
export const LOW_PLASTICITY = 0.05;

/** A write: electrodes and when, relative to the trial's start. */
export interface Write {
  readonly channels: readonly number[];
  readonly amplitude: number;
  readonly delayFrames: Frame;
}
