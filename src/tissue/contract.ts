/**
 * What the vat and whatever holds its brains say to each other.
 *
 * A vat advances all its brains in steps of device frames. In a step each brain is given the pulses of that step, all
 * known before it begins, and gives back the spikes it made. So a brain's future is a function of its snapshot and
 * of the plans that follow: where a brain is held (this thread, a worker thread, a machine reached through NATS) and
 * when it was moved changes no bit of any result.
 */
import type { Frame, Pulse, Spikes } from "../device/contract.ts";

/** Which brain: everything that growing it depends on. Plain data, so that any machine can grow the same brain. */
export interface BrainSpec {
  /** Its place in the vat. */
  readonly brain: number;
  readonly seed: number;
  readonly neurons: number;
  /** Age in days in vitro. */
  readonly div: number;
  readonly preset: "default" | "quiet";
  /** Strongest excitatory synapse in training, in leak conductances; the preset's own if not given. */
  readonly maximumWeight?: number;
}

/** What one brain is to do in one step. */
export interface StepPlan {
  readonly brain: number;
  /** Length of the step. */
  readonly durationFrames: Frame;
  /** Pulses, their frames counted from the start of the step. */
  readonly pulses: readonly Pulse[];
  /** Scale of plastic change during the step: 1 as grown, 0 frozen. */
  readonly plasticity: number;
}

/** What one brain did in one step. */
export interface StepResult {
  readonly brain: number;
  /** Spikes, their frames counted from the start of the step. */
  readonly spikes: Spikes;
  /** Pulses that the safety gate refused. */
  readonly refused: number;
}

/**
 * Holds brains. One contract for a plain loop, worker threads and NATS hosts; `src/tissue/conformance.ts` has its checks.
 *
 * `step` counts up from 0. A holder asked twice for the same step answers as it did the first time and stimulates only
 * once; asked for a step that it has left behind or that does not follow, it throws `StepOutOfOrder`.
 */
export interface BrainHolder {
  /** Grows the brains, settles and quiets them. Called once, before all else. */
  open(specs: readonly BrainSpec[], onGrown?: (brain: number) => void): Promise<void>;
  /** One step of every brain named in `plans`, results in the order of `plans`. */
  step(step: number, plans: readonly StepPlan[]): Promise<StepResult[]>;
  /** The state of each brain after the last step, as bytes that `restore` takes on any machine. */
  snapshot(brains: readonly number[]): Promise<Uint8Array[]>;
  /** Puts brains back to snapshots; the next step is `step`. */
  restore(step: number, brains: readonly number[], snapshots: readonly Uint8Array[]): Promise<void>;
  /** Stops stimulation at once and for good, then lets go of everything. */
  close(): Promise<void>;
}

export class StepOutOfOrder extends Error {
  override readonly name = "StepOutOfOrder";
}
