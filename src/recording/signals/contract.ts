/**
 * What a recording of continuous signals is to the rest of wetgrad, whatever file it came from: labelled channels of
 * samples at a steady rate, and events. Of what was taken from a person, nothing is ever written back.
 */

import type { Doubt } from "../contract.ts";

export interface SignalChannel {
  readonly label: string;
  /** As the file spells it (`uV`, `px`); empty where the file says nothing. */
  readonly unit: string;
  readonly rateHz: number;
  /** Samples from the start of the recording to its end, gaps included. */
  readonly samples: number;
  /** Position on an array, and region or electrode group, where the file gives them. */
  readonly xUm?: number;
  readonly yUm?: number;
  readonly group?: string;
}

/** Something that happened, or was noted, while recording. */
export interface SignalEvent {
  /** From the start of the recording. */
  readonly seconds: number;
  /** 0 for an instant. */
  readonly durationSeconds: number;
  /** What sort of event: `annotation`, `trigger`, `marker`, `fixation`, `saccade`, `blink`, `message`, `button`, `input`. */
  readonly kind: string;
  readonly label: string;
  /** What the file measured of it, by name with the unit: `meanXPx`, `peakVelocityDegPerS`. */
  readonly values?: Readonly<Record<string, number>>;
}

export type SignalSource =
  | "brainvision"
  | "edf"
  | "bdf"
  | "eeglab"
  | "eyelink-asc"
  | "intan-rhd"
  | "intan-rhs"
  | "mcs-hdf5"
  | "nwb"
  | "open-ephys"
  | "wfdb"
  | "xdf";

export interface SignalMeta {
  readonly startTime?: string;
  readonly subject?: string;
  readonly description?: string;
}

/** An opened recording of signals; `close` it when done. */
export interface SignalRecording {
  /** The file's name without folder and extension. */
  readonly name: string;
  readonly source: SignalSource;
  /** Present where the format is one for people. */
  readonly preparation?: "person";
  /** What the file's clock showed at the start, where it has one. */
  readonly startSeconds?: number;
  readonly doubts?: readonly Doubt[];
  readonly durationSeconds: number;
  readonly channels: readonly SignalChannel[];
  readonly meta: SignalMeta;
  /** All events, in the order of the file, read from the file as they are drawn. */
  events(): Iterable<SignalEvent>;
  /**
   * `[C, N]`: samples `start .. start + count` of `channels` (all, unless told), in their units; NaN where nothing
   * was recorded. Throws `RecordingError` where the channels' rates differ or the window leaves the recording.
   */
  read(start: number, count: number, channels?: readonly number[]): Float64Array;
  close(): void;
}
