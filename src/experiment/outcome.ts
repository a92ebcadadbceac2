/** What one seed and code came to: plain data, the same bits for the same configuration. */
import type { Figures } from "../report/schema-figures.ts";
import type { Score } from "../tasks/measures/score.ts";
import type { Code } from "./config.ts";
import type { Effort } from "./methods/train.ts";
import type { ProbeScore } from "./probe.ts";

export interface FidelityLog {
  /** One value per write. */
  readonly overlap: readonly number[];
  readonly correlation: readonly number[];
  readonly logDensity: readonly number[];
}

export interface Outcome {
  readonly seed: number;
  readonly code: Code;
  /** Before anything was taught: the same for every arm. */
  readonly before: ProbeScore;
  /** By arm: the probe after each cycle. */
  readonly arms: Readonly<Record<string, readonly ProbeScore[]>>;
  readonly scrambled: ProbeScore | null;
  readonly retention: ProbeScore | null;
  readonly baselines: Readonly<Record<string, Score>>;
  /** Share of classes that the emulator foretold before it was told, per cycle. */
  readonly foretold: readonly number[];
  readonly fidelity: FidelityLog | null;
  /** Of the first seed alone. */
  readonly figures: Omit<Figures, "seed"> | null;
  /** By arm: what it asked of the tissue; not of the organoid cycle, whose presentations and pulses its config tells. */
  readonly effort?: Readonly<Record<string, Effort>>;
  /** What the user should know of the series. */
  readonly notes: readonly string[];
  readonly lags: number;
}
