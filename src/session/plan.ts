/** What an experiment is, whatever command asked for it: every number that its result depends on. */
import type { ComputeDevice } from "../compute/index.ts";
import type { StimulationLimits } from "../device/gate/limits.ts";
import type { ScaffoldName } from "../device/simulated/scaffolds.ts";
import type { RoleChoice } from "../protocol/roles.ts";
import type { DoomOptions } from "../tasks/doom/options.ts";
import type { Stream } from "../tasks/open.ts";
import type { CultureSpec } from "../tissue/contract.ts";
import type { Rewiring } from "../tissue/wired/rewirings.ts";
import type { WiringSpec } from "../tissue/wired/spec.ts";
import type { Conditions } from "./conditions.ts";

/** How classes stand in the prediction zone: a hand-made group of electrodes each, or states found by babbling. */
export const CODES = ["assigned", "free"] as const;
export type Code = (typeof CODES)[number];

/** `untrained`: the series in its order shown to the cultures as they were before they were taught; `scrambled`: probed with
 * their weights permuted; `retention`: probed after they were left alone. */
export type After = "untrained" | "scrambled" | "retention";

export interface Plan {
  /** The task's name (src/tasks/open.ts), and the series that it reads, where it reads some. */
  readonly task: string;
  readonly streams: readonly Stream[];
  readonly brains: number;
  readonly seeds: number;
  /** The first seed; seed i of the run is firstSeed + i. */
  readonly firstSeed: number;
  /** How the tissue is taught (src/methods), and the arms of that. */
  readonly method: string;
  readonly arms: readonly string[];
  readonly codes: readonly Code[];
  /** Cycles of record, fit, descend, write, probe. */
  readonly cycles: number;
  /** Presentations of each cycle's training, of each probe, and of babbling. */
  readonly presentations: number;
  readonly probeTrials: number;
  readonly babbleTrials: number;
  /** Steps of the first fit of the emulator's autoencoder; other fits take shares of it. */
  readonly fitSteps: number;
  /** The array that simulated cultures grow around. */
  readonly scaffold: ScaffoldName;
  /** `fixed` if not given. */
  readonly roles?: RoleChoice | undefined;
  readonly preset: "default" | "quiet";
  /** By which the cultures' synapses learn; the default rule if not given. */
  readonly rule?: CultureSpec["rule"] | undefined;
  /** Days in vitro. */
  readonly div: number;
  readonly neurons: number;
  /** Spontaneous activity with plasticity on, between the last probe and the retention probe (seconds; 0: none). */
  readonly retentionSeconds: number;
  readonly limits?: StimulationLimits | undefined;
  /** What is done with trained cultures afterwards. */
  readonly after: readonly After[];
  /** What would be done with them, but cannot be where they are held. */
  readonly omitted?: readonly After[];
  /** Method `incremental`: how far a synapse may be moved in a cycle, as a share of the strongest of its kind. */
  readonly stepBudget?: number | undefined;
  /** How often the cycles go through the same training data; once if not given. */
  readonly passes?: number | undefined;
  /** Where each datum is read first: spikes by which the right class must lead to be left alone. */
  readonly margin?: number | undefined;
  /** Where each datum is read first: plasticity meanwhile, as a share of what it is in training; all of it if not given. */
  readonly reading?: number | undefined;
  /** `ideal` if not given. */
  readonly conditions?: Conditions | undefined;
  /** Of simulated cultures under the conditions of a dish: least share of its excitation that tissue scales down to; 1: it does not. */
  readonly scalingLimit?: number | undefined;
  /** Of a dish: most that it is quieted, minutes of stimulation spread over all electrodes. */
  readonly quietMinutes?: number | undefined;
  /** From a volley to its write, in place of the protocol's own. */
  readonly writeMs?: number | undefined;
  /** Of task doom: arena, perception, view, lives, engine. */
  readonly game?: Partial<DoomOptions> | undefined;
  /** Of a game: the trained cultures play on without their part. */
  readonly critics?: boolean | undefined;
  /** A brain of a wiring diagram in place of grown cultures: what is the same for all seeds, and its control. */
  readonly wiring?: Omit<WiringSpec, "changes"> | undefined;
  readonly rewire?: Rewiring | undefined;
  readonly within?: string | undefined;
  readonly compute: ComputeDevice;
  /** Keep every spike and pulse, in recording.nwb. */
  readonly record: boolean;
}

/** Presentations of all training. */
export function presentationsOf({ cycles, presentations }: Plan): number {
  return cycles * presentations;
}

/** The seed of a culture: that of the experiment for one, seeds of their own for many. */
export function cultureSeed({ brains }: Plan, seed: number, brain: number): number {
  return brains === 1 ? seed : seed * 10_000 + brain;
}
