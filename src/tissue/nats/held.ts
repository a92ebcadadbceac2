/** One brain in the hands of a host: what it was adopted as, and how it comes to where the vat is. */
import type { BrainSpec, StepPlan, StepResult } from "../contract.ts";
import type { ControlOf } from "./control.ts";
import { decodeMessage } from "./messages.ts";
import { readSnapshot, type VatStore } from "./store.ts";

/** What a host can do with a brain, be it simulated or tissue. */
export interface HostedBrain {
  readonly nextStep: number;
  /** What the last step took of the machine. */
  readonly computeUs: number;
  /** Throws `LeaseLost`, having done nothing, if the step would begin after `until` (on the clock of `monotonicMs`). */
  run(step: number, plan: StepPlan, until: number): Promise<StepResult>;
  snapshot(): Promise<Uint8Array>;
  restore(step: number, snapshot: Uint8Array): Promise<void>;
  /** Stops its stimulation at once, then lets go of it. */
  close(): Promise<void>;
}

export type Adoption = ControlOf<"adopt">;

/** Brings a brain to where its coordinator wants it. `before`: the same brain, held already. */
export type BringUp = (
  adoption: Adoption,
  before: HostedBrain | undefined,
  onReplay: OnReplay,
) => Promise<HostedBrain>;

/** A dish may have been given the step already, by a process that has ended: it is not given it again. */
export class StepClaimed extends Error {
  override readonly name = "StepClaimed";
}

/** The device of a dish has gone; the dish is waited for. */
export class DeviceGone extends Error {
  override readonly name = "DeviceGone";
}

/** Where simulated brains come from. */
export interface BrainSource {
  grow(spec: BrainSpec): Promise<HostedBrain>;
  revive(spec: BrainSpec, step: number, snapshot: Uint8Array): Promise<HostedBrain>;
}

/** Called before each step that is done again. */
export type OnReplay = (step: number, plan: StepPlan) => void;

/** Grows the simulated brain of an adoption, or revives it, and repeats what it did since. `before`: the same brain, held already. */
export async function bringUp(
  adoption: Adoption,
  source: BrainSource,
  store: VatStore,
  before: HostedBrain | undefined,
  onReplay: OnReplay,
): Promise<HostedBrain> {
  const brain = await beginning(adoption, source, store, before);
  for (const sequence of adoption.replay) {
    const message = decodeMessage(await store.log.read(sequence));
    if (message.type !== "step" || message.coordinator !== adoption.coordinator)
      throw new Error(`brain ${adoption.brain}: message ${sequence} of the log is not one of its plans`);
    const entry = message.entries.find(({ plan }) => plan.brain === adoption.brain);
    if (!entry) throw new Error(`brain ${adoption.brain}: message ${sequence} of the log has no plan for it`);
    onReplay(message.step, entry.plan);
    await brain.run(message.step, entry.plan, Number.POSITIVE_INFINITY);
  }
  if (brain.nextStep !== adoption.nextStep)
    throw new Error(
      `brain ${adoption.brain}: expected to come to step ${adoption.nextStep} by its log, came to step ${brain.nextStep}`,
    );
  return brain;
}

async function beginning(
  { spec, snapshot }: Adoption,
  source: BrainSource,
  store: VatStore,
  before: HostedBrain | undefined,
): Promise<HostedBrain> {
  if (!snapshot) {
    await before?.close();
    return source.grow(specOf(spec));
  }
  const bytes = await readSnapshot(store, snapshot.object);
  if (!before) return source.revive(specOf(spec), snapshot.step, bytes);
  await before.restore(snapshot.step, bytes);
  return before;
}

/** Drops what the schema says may be undefined. */
function specOf({ maximumWeight, ...spec }: Adoption["spec"]) {
  return { ...spec, ...(maximumWeight !== undefined && { maximumWeight }) };
}
