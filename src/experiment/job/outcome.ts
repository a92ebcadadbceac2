/** The result of one seed and code: plain data, the same bits for the same plan. */
import type { Effort } from "../../methods/contract.ts";
import type { PredictedChanges } from "../../methods/learned-descent/predicted-changes.ts";
import type { Figures } from "../../report/schema/figures.ts";
import type { Evoked } from "../../session/evoked.ts";
import type { Code } from "../../session/plan.ts";
import type { GameScore, WorldEvent } from "../../tasks/contract.ts";
import type { Holding } from "../holdings/holdings.ts";
import type { Baselines } from "./baselines.ts";
import type { Probe } from "./readings.ts";

/** What is kept of a probe. */
export type ProbeOutcome = Omit<Probe, "patches" | "court">;

export interface FidelityLog {
  /** One value per write, mean over brains. */
  readonly overlap: readonly number[];
  readonly correlation: readonly number[];
  readonly logDensity: readonly number[];
  /** Cross entropy while descending (nats). */
  readonly crossEntropy: readonly number[];
}

export interface ArmOutcome {
  /** Before any training, where it is not the common probe. */
  readonly before: ProbeOutcome | null;
  /** After each cycle. */
  readonly probes: readonly ProbeOutcome[];
  readonly trainEvents: readonly (WorldEvent | null)[];
  /** Pulses that reached the tissue in training, and those that its gates refused. */
  readonly pulses: number;
  readonly refused: number;
  /** Of its writes, where descent through the emulator chose them. */
  readonly fidelity: FidelityLog | null;
  /** What it asked of the tissue. */
  readonly effort: Effort;
  /** By cycle, where a model of learning predicted what writes would do; null before it was fitted. */
  readonly predictedChanges?: readonly (PredictedChanges | null)[];
}

export interface Outcome {
  readonly seed: number;
  readonly code: Code;
  /** Before anything was taught: the same for every arm. */
  readonly before: ProbeOutcome;
  readonly arms: Readonly<Record<string, ArmOutcome>>;
  readonly scrambled: ProbeOutcome | null;
  readonly retention: ProbeOutcome | null;
  /** `[N]` what the synapses held: `before`, after each arm, `scrambled`, `retention`; none where they cannot be read. */
  readonly holdings: Readonly<Record<string, readonly Holding[]>>;
  /** Where the series is known ahead. */
  readonly baselines: Baselines | null;
  /** Of a game: other players with as many samples. */
  readonly opponents: Readonly<Record<string, GameScore>> | null;
  /** Of a game of lives: what is left of the descent's play without its part. */
  readonly critics?: Readonly<Record<string, GameScore>> | null;
  /** Share of classes that the emulator predicted before it learned from them, per cycle. */
  readonly predicted: readonly number[];
  /** Of the first seed alone. */
  readonly figures: Omit<Figures, "seed"> | null;
  /** What the user should know of the series. */
  readonly notes: readonly string[];
  /** How the machine rounds that it was made on (src/compute/arithmetic.ts): on others the same plan has other bits. */
  readonly arithmetic: string;
  /** Of a dish: what a volley evoked before anything was taught, and how many stages were cut short and begun again. */
  readonly dish?: { readonly evoked: Evoked; readonly begunAgain: number };
  /** Past values in a context of the series, where there is one. */
  readonly lags: number | null;
}
