/**
 * The timing of one presentation, in frames of 40 us. The datum is a short train of volleys: its context electrodes
 * are pulsed together at 0, 25 and 50 ms, and a write (if any) follows each volley by a few milliseconds. The neural
 * state is the first 20 ms after a volley, summed over the volleys; then silence until 100 ms.
 *
 * One volley alone says too little through a hundred cells' noise, and a write that comes later than the culture's
 * own answer (about 6 ms) lets plasticity confirm that answer, right or wrong.
 */
import type { Frame } from "../device/contract.ts";

export const FRAMES_PER_MS = 25;
/** Length of one presentation. */
export const TRIAL_FRAMES = 100 * FRAMES_PER_MS;
/** Starts of the volleys, relative to the presentation's start. */
export const VOLLEY_FRAMES = [0, 25, 50].map((ms) => ms * FRAMES_PER_MS);
/** The write follows each volley by this: after the context has fired, before the culture answers. */
export const WRITE_FRAME = 4 * FRAMES_PER_MS;
/** Babbling tries several delays, because the culture's own prediction comes at none in particular. */
export const BABBLE_WRITE_FRAMES = [4, 5, 7, 9].map((ms) => ms * FRAMES_PER_MS);

/** The neural state of a presentation: `BINS` bins of `BIN_FRAMES` after a volley, summed over volleys. */
export const BINS = 5;
export const BIN_FRAMES = 4 * FRAMES_PER_MS;
/** Bins that have come in before any write can begin: what the sensory patch is made of. */
export const SENSORY_BINS = 1;

/** Electrodes pulsed for a datum. */
export const CONTEXT_SIZE = 3;
/** Electrodes pulsed for a write. */
export const PATTERN_SIZE = 4;

/** Plasticity while babbling and probing, as a share of the full rate: both would overwrite what is learned. */
export const LOW_PLASTICITY = 0.05;

/**
 * Plasticity while training: full in the first half of the cycles, half of that afterwards, so that the synapses first
 * get there and then average over what the series does only often. The same for every arm.
 */
export function trainingPlasticity(cycle: number, cycles: number): number {
  return cycle < cycles / 2 ? 1 : 0.5;
}

/** A write: electrodes, and when relative to each volley. */
export interface Write {
  readonly channels: readonly number[];
  readonly amplitude: number;
  readonly delayFrames: Frame;
}

/** Method `reward`: fading of a mark, by a third until the end of its presentation, by two thirds until the next one's. */
export const ELIGIBILITY_MS = 100;
