/** What a worker thread tells of the experiment while it happens. Spikes and states go as binary frames beside this. */
import type { BooksReport } from "./books.ts";

/** Where in the experiment a culture is. */
export interface PlaceMessage {
  readonly about: "place";
  readonly arm: string;
  /** -1 before the first. */
  readonly cycle: number;
  /** babble, train, probe, untrained, spontaneous, retention. */
  readonly phase: string;
}

/** One presentation of the descent: what the emulator predicted, the true class, and how the write went. */
export interface WriteMessage {
  readonly about: "write";
  readonly cycle: number;
  readonly presentation: number;
  /** Class probabilities that the emulator gave before it was told. */
  readonly forecast: readonly number[];
  readonly nextClass: number;
  /** nats */
  readonly crossEntropy: number;
  readonly priorError: number;
  /** Share of the true class's electrodes that were written to. */
  readonly overlap: number;
  /** Of the intended and the evoked state. */
  readonly correlation: number;
}

/** One probe: what the culture alone predicted of the first held-out steps. */
export interface ProbeMessage {
  readonly about: "probe";
  readonly arm: string;
  readonly cycle: number;
  /** By the bridge. */
  readonly accuracy: number;
  readonly countAccuracy?: number | undefined;
  readonly nllNats: number;
  readonly firstStep: number;
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
  /** Class of the true next value. */
  readonly labels: readonly number[];
  /** Latent states on their own three principal axes, and each axis' share of the variance. */
  readonly latent: readonly (readonly number[])[];
  readonly explained: readonly number[];
}

export interface FitMessage {
  readonly about: "fit";
  readonly cycle: number;
  readonly autoencoderLoss: number;
  readonly dynamicsLoss: number;
}

export interface LedgerMessage {
  readonly about: "ledger";
  readonly ledger: BooksReport;
}

/** How long the last presentations took, in milliseconds of wall time. */
export interface TimingMessage {
  readonly about: "timing";
  /** In the device: delivering pulses and reading spikes. */
  readonly deviceMs: readonly number[];
  /** Between two reads: everything else. */
  readonly computeMs: readonly number[];
  /** Device time that was read meanwhile, per second of wall time. */
  readonly deviceSecondsPerSecond: number;
}

/** The run is paused, and this thread waits before its next presentation. */
export interface HeldMessage {
  readonly about: "held";
}

/** The gates of this thread have been told to stop. Times are of the wall clock (ms since 1970). */
export interface StoppedMessage {
  readonly about: "stopped";
  /** When the last call of pulses that the gate let through was delivered; null if none. */
  readonly lastDeliveredAtMs: number | null;
  readonly noticedAtMs: number;
}

export type LiveMessage =
  | PlaceMessage
  | WriteMessage
  | ProbeMessage
  | FitMessage
  | LedgerMessage
  | TimingMessage
  | HeldMessage
  | StoppedMessage;
