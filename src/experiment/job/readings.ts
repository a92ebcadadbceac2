/** What probes see, and what is read of it. Legend: R presentations, N brains, B bins, C channels, K classes, Z latents. */
import type { Emulator, States } from "../../emulator/contract.ts";
import type { WorldEvent } from "../../tasks/contract.ts";
import type { Spoken } from "../../tasks/measures/decide.ts";
import type { Listening } from "../../tasks/measures/listening.ts";
import type { Score } from "../../tasks/measures/score.ts";
import type { CourtTrack } from "../journal/court.ts";

/** What a probe saw, kept raw so that any bridge can read it. */
export interface Reading {
  /** With efference copies. */
  readonly states: States;
  /** `[R, N, B, C]` counts as read. */
  readonly read: Float32Array;
  readonly targets: Int32Array;
  readonly answers: Int32Array;
  readonly events: readonly (WorldEvent | null)[];
  /** Of a game: what was done in each step. */
  readonly moves?: readonly number[] | undefined;
  /** Of Pong: where ball and paddle were. */
  readonly court?: CourtTrack | undefined;
}

/** The result of a probe. */
export interface Probe {
  /** `[N]` of the prediction of each brain, where its series is known ahead. */
  readonly scores: readonly Score[] | null;
  /** Share in which the class with most spikes was right, ties shared; mean over brains. No model reads. */
  readonly countAccuracy: number;
  readonly spoken: Spoken;
  /** `[R, N, Z]` */
  readonly patches: Float32Array;
  /** Of several brains: what they predict of each other. */
  readonly listening: Listening | null;
  readonly events: readonly (WorldEvent | null)[];
  /** Of a game: what was done in each step. */
  readonly moves?: readonly number[] | undefined;
  /** Of Pong: where ball and paddle were. */
  readonly court?: CourtTrack | undefined;
}

/** By what a probe is read: a fitted emulator, and `[N][K]` the electrodes of each class. */
export interface Reader<Models, Improved> {
  readonly emulator: Emulator<Models, Improved>;
  readonly models: Models;
  readonly patterns: readonly (readonly (readonly number[])[])[];
}
