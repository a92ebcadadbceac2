/**
 * The cultures that a host holds, by vat and number. What is asked of a culture is done one after the other; a culture is
 * given up when it is adopted under a later token, released, or the host's lease is lost.
 */

import { monotonicMs } from "../../../device/time.ts";
import type { StepPlan, StepResult } from "../../contract.ts";
import { LeaseLost } from "../server/lease-lost.ts";
import type { VatStore } from "../server/store.ts";
import type { Control, ControlOf } from "../wire/control.ts";
import type { Message } from "../wire/messages.ts";
import { inMessages, type StepAnswer } from "../wire/results.ts";
import type { StepEntry, StepMessage } from "../wire/steps.ts";
import {
  type Adoption,
  type BringUp,
  DeviceGone,
  type HostedCulture,
  StepClaimed,
} from "./hosted-culture.ts";

export interface HostedCulturesOptions {
  readonly host: string;
  readonly slots: number;
  /** Of the lease under which adoptions are taken now. */
  readonly session: () => string;
  readonly bringUp: BringUp;
  /** Claims a step for the host and says until when it may begin; throws `LeaseLost` if it holds nothing any more. */
  readonly claim: (vat: string, coordinator: string, step: number) => Promise<number>;
  readonly storeOf: (vat: string) => Promise<VatStore>;
  readonly answer: (vat: string, coordinator: string, message: Message) => void;
  readonly onEvent: (event: HostEvent) => void;
  /** The device of the host's dish has gone. */
  readonly onGone: (error: DeviceGone) => void;
}

export type HostEvent =
  | { readonly event: "adopted"; readonly vat: string; readonly brain: number; readonly step: number }
  | { readonly event: "given-up"; readonly vat: string; readonly brain: number; readonly why: string }
  /** The culture is about to be given the pulses of a step. `replay`: once more, by a culture put back to a snapshot. */
  | {
      readonly event: "stimulating";
      readonly vat: string;
      readonly brain: number;
      readonly token: number;
      readonly step: number;
      readonly pulses: number;
      readonly replay: boolean;
    }
  | { readonly event: "fault"; readonly vat: string; readonly brain: number; readonly why: string };

interface Held {
  readonly adoption: Adoption;
  brain: HostedCulture | undefined;
  /** The step that is waiting or being done. */
  doing: number | undefined;
  over: boolean;
  /** The last snapshot in the object store. */
  stored: string | undefined;
  /** What is done with it, one after the other. */
  queue: Promise<void>;
}

export class HostedCultures {
  private readonly held = new Map<string, Held>();

  constructor(private readonly options: HostedCulturesOptions) {}

  get size(): number {
    return this.held.size;
  }

  /** The coordinator of each vat of which cultures are held. */
  get coordinators(): Map<string, string> {
    return new Map([...this.held.values()].map(({ adoption }) => [adoption.vat, adoption.coordinator]));
  }

  take(message: Message): void {
    if (message.type === "step") void this.steps(message);
    else if (message.type === "control") this.control(message.control);
  }

  /** Stops all stimulation at once and holds nothing any more. */
  drop(why: string, wanted: (adoption: Adoption) => boolean = () => true): void {
    for (const [key, held] of this.held) {
      if (!wanted(held.adoption)) continue;
      this.held.delete(key);
      this.end(held, why);
      void held.brain?.close();
    }
  }

  private control(control: Control): void {
    if (control.kind === "adopt") this.adopt(control);
    else if (control.kind === "snapshot") this.snapshot(control);
    else if (control.kind === "release") {
      const { vat, coordinator } = control;
      this.drop("released", (adoption) => adoption.vat === vat && adoption.coordinator === coordinator);
      this.tell(control, { kind: "released", host: this.options.host });
    }
  }

  private adopt(adoption: Adoption): void {
    if (adoption.session !== this.options.session()) return; // meant for an earlier lease
    const key = keyOf(adoption);
    const before = this.held.get(key);
    // A later coordinator has taken the vat over: what an earlier one gave out is void.
    this.drop("the vat was taken over by another run", ({ vat, brain, coordinator, token }) => {
      const earlier = coordinator !== adoption.coordinator && token < adoption.token;
      return vat === adoption.vat && brain !== adoption.brain && earlier;
    });
    if (before && before.adoption.token >= adoption.token) {
      if (before.adoption.token > adoption.token) this.refuse(adoption, "stale");
      else if (before.brain) this.sayAdopted(before);
      return;
    }
    if (!before && this.held.size >= this.options.slots) {
      this.refuse(adoption, "full");
      return;
    }
    const held: Held = {
      adoption,
      brain: undefined,
      doing: undefined,
      over: false,
      stored: undefined,
      queue: before?.queue ?? Promise.resolve(),
    };
    this.held.set(key, held);
    if (before) this.end(before, "adopted anew");
    void this.enqueue(held, async () => {
      const reusable = before?.brain && sameSpec(before.adoption, adoption) ? before.brain : undefined;
      if (before?.brain && !reusable) await before.brain.close();
      held.brain = await this.options.bringUp({
        adoption,
        before: reusable,
        onReplay: (step, plan) => this.sayStimulating(held, step, plan, true),
      });
      if (held.over) {
        await held.brain.close();
        held.brain = undefined;
        return;
      }
      this.options.onEvent({
        event: "adopted",
        vat: adoption.vat,
        brain: adoption.brain,
        step: held.brain.nextStep,
      });
      this.sayAdopted(held);
    });
  }

  private sayAdopted({ adoption, brain }: Held): void {
    if (!brain) return;
    const { nextStep, profile } = brain;
    const { token } = adoption;
    this.tell(adoption, { kind: "adopted", brain: adoption.brain, token, nextStep, profile });
  }

  /** Does a step of all its cultures, and answers when the last is done. */
  private async steps(message: StepMessage): Promise<void> {
    const done = await Promise.all(message.entries.map((entry) => this.step(message, entry)));
    const answers = done.filter((answer) => answer !== undefined);
    for (const some of inMessages(answers))
      this.options.answer(message.vat, message.coordinator, {
        type: "results",
        step: message.step,
        answers: some,
      });
  }

  private async step(message: StepMessage, { token, plan }: StepEntry): Promise<StepAnswer | undefined> {
    const { vat, coordinator, step, snapshotAfter } = message;
    const held = this.held.get(keyOf({ vat, brain: plan.brain }));
    const about = { vat, coordinator, brain: plan.brain, token };
    if (!held || held.adoption.token !== token) {
      this.refuse(about, held && held.adoption.token > token ? "stale" : "unknown");
      return undefined;
    }
    if (held.doing === step) return undefined; // answered when it is done
    held.doing = step;
    const answer = this.enqueue(held, async () => {
      if (!held.brain) return undefined;
      const result = await this.run(held, held.brain, step, plan);
      held.doing = undefined;
      return held.over ? undefined : { token, computeUs: held.brain.computeUs, result };
    });
    if (snapshotAfter) void this.enqueue(held, () => this.store(held));
    return answer;
  }

  /** Does a step, or says again what it gave, as soon as the lease allows it. */
  private async run(held: Held, brain: HostedCulture, step: number, plan: StepPlan): Promise<StepResult> {
    const { vat, coordinator } = held.adoption;
    let said = brain.nextStep !== step;
    for (;;) {
      const until = await this.options.claim(vat, coordinator, step);
      if (held.over) throw new LeaseLost(`brain ${plan.brain}: no longer held`);
      if (monotonicMs() >= until) continue; // this process stood still meanwhile
      if (!said) this.sayStimulating(held, step, plan, false);
      said = true;
      try {
        return await brain.run(step, plan, until);
      } catch (error) {
        // The lease ran out while the step was waiting; nothing was done.
        if (!(error instanceof LeaseLost) || held.over) throw error;
      }
    }
  }

  private snapshot({ vat, brain, token }: ControlOf<"snapshot">): void {
    const held = this.held.get(keyOf({ vat, brain }));
    if (held?.adoption.token === token) void this.enqueue(held, () => this.store(held));
  }

  /** Puts a snapshot of a culture into the object store. */
  private async store(held: Held): Promise<void> {
    const { adoption, brain } = held;
    if (!brain) return;
    const step = brain.nextStep;
    const object = `${adoption.brain}/${adoption.token}/${step}`;
    // Once: writing it again would take it away from under whoever reads it.
    if (held.stored !== object) {
      const snapshot = await brain.snapshot();
      try {
        const { snapshots } = await this.options.storeOf(adoption.vat);
        await snapshots.putBlob({ name: object }, snapshot);
      } catch (error) {
        // The server is away. The coordinator goes by the last snapshot, or asks again.
        const why = `snapshot: ${(error as Error).message}`;
        this.options.onEvent({ event: "fault", vat: adoption.vat, brain: adoption.brain, why });
        return;
      }
      held.stored = object;
    }
    this.tell(adoption, { kind: "snapshotted", brain: adoption.brain, token: adoption.token, step, object });
  }

  private sayStimulating(held: Held, step: number, plan: StepPlan, replay: boolean): void {
    const { vat, brain, token } = held.adoption;
    const pulses = plan.pulses.length;
    this.options.onEvent({ event: "stimulating", vat, brain, token, step, pulses, replay });
  }

  private enqueue<T>(held: Held, work: () => Promise<T>): Promise<T | undefined> {
    const done = held.queue.then(async () => {
      if (held.over) return undefined;
      try {
        return await work();
      } catch (error) {
        if (!held.over && !(error instanceof LeaseLost)) this.fail(held, error as Error);
        return undefined;
      }
    });
    held.queue = done.then(() => undefined);
    return done;
  }

  private fail(held: Held, error: Error): void {
    const { vat, brain } = held.adoption;
    if (error instanceof StepClaimed) {
      held.doing = undefined;
      this.refuse(held.adoption, "claimed");
      return;
    }
    if (error instanceof DeviceGone) {
      this.options.onGone(error); // the coordinator waits for the host to come back
      return;
    }
    this.options.onEvent({ event: "fault", vat, brain, why: error.message });
    held.doing = undefined;
    if (!held.brain) this.held.delete(keyOf(held.adoption));
    this.refuse(held.adoption, "failed", error.message.slice(0, 2000));
  }

  private end(held: Held, why: string): void {
    if (held.over) return;
    held.over = true;
    const { vat, brain } = held.adoption;
    this.options.onEvent({ event: "given-up", vat, brain, why });
  }

  private refuse(
    about: Pick<Adoption, "vat" | "coordinator" | "brain" | "token">,
    reason: ControlOf<"refused">["reason"],
    text = "",
  ): void {
    this.tell(about, { kind: "refused", brain: about.brain, token: about.token, reason, text });
  }

  private tell(
    { vat, coordinator }: { readonly vat: string; readonly coordinator: string },
    control: Control,
  ) {
    this.options.answer(vat, coordinator, { type: "control", control });
  }
}

const keyOf = ({ vat, brain }: { readonly vat: string; readonly brain: number }) => `${vat}.${brain}`;

const sameSpec = (a: Adoption, b: Adoption) => JSON.stringify(a.spec) === JSON.stringify(b.spec);
