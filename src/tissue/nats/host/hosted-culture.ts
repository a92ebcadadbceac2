/** One culture in the hands of a host: what it was adopted as, and how it comes to where the vat is. */
import type { CultureSpec, StepPlan, StepResult } from "../../contract.ts";
import type { TissueProfile } from "../../profile.ts";
import { readSnapshot, type VatStore } from "../server/store.ts";
import { type ControlOf, defined } from "../wire/control.ts";
import { decodeMessage } from "../wire/messages.ts";

/** What a host can do with a culture, be it simulated or tissue. */
export interface HostedCulture {
  readonly profile: TissueProfile;
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

/** How a culture comes to where its coordinator wants it. */
export interface Arrival {
  readonly adoption: Adoption;
  /** The same culture, held already. */
  readonly before: HostedCulture | undefined;
  /** Called before each step that is done again. */
  readonly onReplay: (step: number, plan: StepPlan) => void;
}

export type BringUp = (arrival: Arrival) => Promise<HostedCulture>;

/** A dish may have been given the step already, by a process that has ended: it is not given it again. */
export class StepClaimed extends Error {
  override readonly name = "StepClaimed";
}

/** The device of a dish has gone; the dish is waited for. */
export class DeviceGone extends Error {
  override readonly name = "DeviceGone";
}

/** Where simulated cultures come from. */
export interface CultureSource {
  grow(spec: CultureSpec): Promise<HostedCulture>;
  revive(spec: CultureSpec, step: number, snapshot: Uint8Array): Promise<HostedCulture>;
}

/** Grows the simulated culture of an adoption, or revives it, and repeats what it did since. */
export async function bringUp(
  arrival: Arrival,
  source: CultureSource,
  store: VatStore,
): Promise<HostedCulture> {
  const { adoption, onReplay } = arrival;
  const brain = await beginning(arrival, source, store);
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
  { adoption: { spec, snapshot }, before }: Arrival,
  source: CultureSource,
  store: VatStore,
): Promise<HostedCulture> {
  if (!snapshot) {
    await before?.close();
    return source.grow(defined(spec));
  }
  const bytes = await readSnapshot(store, snapshot.object);
  if (!before) return source.revive(defined(spec), snapshot.step, bytes);
  await before.restore(snapshot.step, bytes);
  return before;
}
