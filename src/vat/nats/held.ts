/** One brain in the hands of a host: what it was adopted as, and how it comes to where the vat is. */
import { Brain } from "../brain.ts";
import type { StepPlan, StepResult } from "../contract.ts";
import type { ControlOf } from "./control.ts";
import { decodeMessage } from "./messages.ts";
import type { VatStore } from "./store.ts";

/** What a host can do with a brain, be it simulated or tissue. */
export interface HostedBrain {
  readonly nextStep: number;
  run(step: number, plan: StepPlan): Promise<StepResult>;
  snapshot(): Uint8Array;
  restore(step: number, snapshot: Uint8Array): void;
  close(): Promise<void>;
}

export type Adoption = ControlOf<"adopt">;

/** Called before each step, so that none is done by a host that has lost the brain. */
export type MayStep = (step: number, plan: StepPlan) => Promise<void>;

/** Grows the brain of an adoption, or revives it, and repeats what it did since. `before`: the same brain, held already. */
export async function bringUp(
  adoption: Adoption,
  store: VatStore,
  before: HostedBrain | undefined,
  mayStep: MayStep,
): Promise<HostedBrain> {
  const brain = await beginning(adoption, store, before);
  for (const sequence of adoption.replay) {
    const message = decodeMessage(await store.log.read(sequence));
    if (message.type !== "step" || message.coordinator !== adoption.coordinator)
      throw new Error(`brain ${adoption.brain}: message ${sequence} of the log is not one of its plans`);
    const entry = message.entries.find(({ plan }) => plan.brain === adoption.brain);
    if (!entry) throw new Error(`brain ${adoption.brain}: message ${sequence} of the log has no plan for it`);
    await mayStep(message.step, entry.plan);
    await brain.run(message.step, entry.plan);
  }
  if (brain.nextStep !== adoption.nextStep)
    throw new Error(
      `brain ${adoption.brain}: expected to come to step ${adoption.nextStep} by its log, came to step ${brain.nextStep}`,
    );
  return brain;
}

async function beginning(
  { spec, snapshot }: Adoption,
  store: VatStore,
  before: HostedBrain | undefined,
): Promise<HostedBrain> {
  if (!snapshot) {
    await before?.close();
    return Brain.grow(specOf(spec));
  }
  const bytes = await store.snapshots.getBlob(snapshot.object);
  if (!bytes) throw new Error(`brain ${spec.brain}: snapshot ${snapshot.object} is not in the object store`);
  if (!before) return Brain.revive(specOf(spec), snapshot.step, bytes);
  before.restore(snapshot.step, bytes);
  return before;
}

/** Drops what the schema says may be undefined. */
function specOf({ maximumWeight, ...spec }: Adoption["spec"]) {
  return { ...spec, ...(maximumWeight !== undefined && { maximumWeight }) };
}
