/** What is asked of the thread that reads HDF5, and what it answers: plain data, large arrays moved and not copied. */
import type { SpikeFile } from "../cultures/spike-file.ts";
import type { SignalEvent, SignalRecording } from "../signals/contract.ts";

/** A file as this side knows it: enough for any thread to open it. */
export interface FileApart {
  readonly id: number;
  readonly holds: "spikes" | "signals";
  readonly path: string;
  readonly name: string;
}

export type SpikesAbout = Omit<SpikeFile, "readSpikes" | "close" | "counts">;
export type SignalsAbout = Omit<SignalRecording, "events" | "read" | "close">;

/** Spikes of neighbouring channels, one after the other. */
export interface SpikeBatch {
  readonly seconds: Float64Array;
  /** Of each channel from the one asked for on. */
  readonly counts: readonly number[];
  /** Whether the last of them has no more. */
  readonly isWhole: boolean;
}

export interface EventBatch {
  readonly events: readonly SignalEvent[];
  readonly isWhole: boolean;
}

/** By name: what is given with a call, and what comes back. */
export interface Calls {
  about: { readonly given: null; readonly answer: SpikesAbout | SignalsAbout };
  /** From a channel on, the first of them without as many spikes as are `had`. */
  spikes: { readonly given: { readonly channel: number; readonly had: number }; readonly answer: SpikeBatch };
  /** All after those `had`. */
  events: { readonly given: { readonly had: number }; readonly answer: EventBatch };
  read: {
    readonly given: { readonly start: number; readonly count: number; readonly channels?: readonly number[] };
    readonly answer: Float64Array;
  };
  holdsSamplesAlone: { readonly given: null; readonly answer: boolean };
  close: { readonly given: null; readonly answer: null };
}

export interface Request<Name extends keyof Calls = keyof Calls> {
  readonly file: FileApart;
  readonly call: Name;
  readonly given: Calls[Name]["given"];
}

export type Answer = (
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly name: string; readonly message: string }
  /** Not done: another file had stopped the library of this thread, or filled its memory, before. */
  | { readonly kind: "again" }
) & {
  /** The thread is of no use any more. */
  readonly isSpent: boolean;
};
