/**
 * What an experiment and whatever holds its cultures say to each other.
 *
 * An experiment advances its cultures in steps of device frames. In a step each culture is given the pulses of that step,
 * all known before it begins, and gives back the spikes it made. So a culture's future is a function of its snapshot and
 * of the plans and commands that follow: where it is held (this thread, a worker thread, a machine reached through NATS)
 * and when it was moved changes no bit of any result.
 */
import type { RuleName } from "../culture/rules/rules.ts";
import type { Frame, Pulse, Spikes } from "../device/contract.ts";
import type { StimulationLimits } from "../device/gate/limits.ts";
import type { SafetyRule } from "../device/gate/unsafe-pulse.ts";
import type { OwnScaling } from "../device/protocols/own-scaling.ts";
import type { ScaffoldName } from "../device/simulated/scaffolds.ts";
import type { AnswerOf, TissueCommand } from "./commands.ts";
import type { TissueProfile } from "./profile.ts";
import type { WiringSpec } from "./wired/spec.ts";

/** Everything that growing a culture depends on. Plain data, so that any machine can grow the same culture. */
export interface CultureSpec {
  /** Its index in the vat; 0 where there is one. */
  readonly brain: number;
  readonly seed: number;
  readonly neurons: number;
  /** Age in days in vitro. */
  readonly div: number;
  /** The array that it grows around; `mea64` if not given. */
  readonly scaffold?: ScaffoldName | undefined;
  readonly preset: "default" | "quiet";
  /** By which its synapses learn; `normalised` if not given. */
  readonly rule?: RuleName;
  /** Strongest excitatory synapse in training, in leak conductances; the preset's own if not given. */
  readonly maximumWeight?: number;
  /** Fading of a synapse's eligibility: plasticity of three factors, which waits for a reward; of two if not given. */
  readonly eligibilityMs?: number;
  /** A brain of a wiring diagram in place of a grown culture; then neurons, age, scaffold, preset and rule say nothing. */
  readonly wiring?: WiringSpec;
  /** It scales its excitation by itself, and is quieted by that; by hand if not given. */
  readonly scaling?: OwnScaling;
  /** Limits of the safety gate; those of the device (`defaultLimits`) if not given. */
  readonly limits?: StimulationLimits;
}

/** What one culture is to do in one step. */
export interface StepPlan {
  readonly brain: number;
  /** Length of the step. */
  readonly durationFrames: Frame;
  /** Pulses, their frames counted from the start of the step. */
  readonly pulses: readonly Pulse[];
  /** Scale of plastic change during the step: 1 as grown, 0 frozen. Without effect where the profile lacks the ability. */
  readonly plasticity: number;
  /** Given before the step begins; needs the ability. */
  readonly reward?: number;
}

/** A pulse of a plan that the safety gate refused: nothing of it was delivered. */
export interface RefusedPulse {
  /** Its index in the plan's `pulses`. */
  readonly pulse: number;
  /** The rule that it broke. */
  readonly rule: SafetyRule;
}

/** What one culture did in one step. */
export interface StepResult {
  readonly brain: number;
  /** The tissue's own clock at the start of the step. */
  readonly startFrame: Frame;
  /** Spikes, their frames counted from the start of the step. */
  readonly spikes: Spikes;
  /** Pulses that the safety gate refused, in the order of the plan; all others were delivered. */
  readonly refused: readonly RefusedPulse[];
  /** The step was lost on its way: whether it was done is not known, and it is never repeated. It has no spikes. */
  readonly isLost?: true;
}

/** The pulses of a plan that were delivered; of a lost step none, for nothing is known of them. */
export function deliveredPulses({ pulses }: StepPlan, { refused, isLost }: StepResult): readonly Pulse[] {
  if (isLost) return [];
  if (refused.length === 0) return pulses;
  const isRefused = new Set(refused.map(({ pulse }) => pulse));
  return pulses.filter((_, i) => !isRefused.has(i));
}

/**
 * The cultures of an experiment, wherever they are held. One contract for this thread, worker threads and NATS hosts;
 * `src/tissue/conformance` has its checks.
 *
 * `step` counts up from 0. Tissue asked twice for the same step answers as it did the first time and stimulates only
 * once; asked for a step that it has left behind or that does not follow, it throws `StepOutOfOrder`. What is asked of a
 * culture is done in the order in which it was asked.
 */
export interface Tissue {
  /** Grows the cultures, settles and quiets them. Called once, before all else. */
  open(specs: readonly CultureSpec[], onGrown?: (brain: number) => void): Promise<void>;
  /** What a culture is read and written by, and what it can do; known once it is open. */
  profile(brain: number): TissueProfile;
  /**
   * One step of every culture named in `plans`, results in the order of `plans`. Rejects with `Unable`, having done nothing,
   * if a plan needs an ability that its culture lacks.
   */
  step(step: number, plans: readonly StepPlan[]): Promise<StepResult[]>;
  /** What only some tissue can do, between steps; rejects with `Unable` if the culture lacks the ability. */
  perform<Command extends TissueCommand>(brain: number, command: Command): Promise<AnswerOf<Command>>;
  /** The state of each culture after the last step, as bytes that `restore` takes on any machine. */
  snapshot(brains: readonly number[]): Promise<Uint8Array[]>;
  /** Puts cultures back to snapshots; the next step is `step`. */
  restore(step: number, brains: readonly number[], snapshots: readonly Uint8Array[]): Promise<void>;
  /** Stops stimulation at once and for good, then lets go of everything. */
  close(): Promise<void>;
}

export class StepOutOfOrder extends Error {
  override readonly name = "StepOutOfOrder";
}
