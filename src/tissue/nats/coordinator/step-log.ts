/** Writes the plans of each step to the vat's log, one message per host or more, and thereby sends them to the hosts. */
import type { StepPlan } from "../../contract.ts";
import { subjects } from "../server/names.ts";
import type { PlanLog } from "../server/store.ts";
import { encodeMessage } from "../wire/messages.ts";
import type { StepEntry, StepMessage } from "../wire/steps.ts";
import type { Seat } from "./seat.ts";

interface Order {
  readonly seat: Seat;
  readonly plan: StepPlan;
}

/** Cultures in one message: at 500 pulses each it stays well below the 1 MB that NATS takes by default. */
const BRAINS_PER_MESSAGE = 50;
const RETRY_MS = 200;

export class StepLog {
  private written = 0;
  private forgotten = 0;

  constructor(
    private readonly log: PlanLog,
    private readonly vat: string,
    private readonly coordinator: string,
    /** Why nothing is to be written any more. */
    private readonly over: () => Error | undefined,
  ) {}

  messageOf(step: number, snapshotAfter: boolean, entries: readonly StepEntry[]): StepMessage {
    const { vat, coordinator } = this;
    return { type: "step", vat, coordinator, step, snapshotAfter, entries };
  }

  /** Sends a step; each seat's `logging` resolves when its plan is in the log. */
  append(step: number, snapshotAfter: boolean, orders: readonly Order[]): void {
    const byHost = new Map<string | undefined, Order[]>();
    for (const order of orders) {
      const host = order.seat.placing ? undefined : order.seat.place?.host;
      byHost.set(host, [...(byHost.get(host) ?? []), order]);
    }
    for (const [host, all] of byHost)
      for (let at = 0; at < all.length; at += BRAINS_PER_MESSAGE) {
        const some = all.slice(at, at + BRAINS_PER_MESSAGE);
        const entries = some.map(({ seat, plan }) => ({ token: seat.place?.token ?? 0, plan }));
        const logged = this.write(
          host,
          step,
          encodeMessage(this.messageOf(step, snapshotAfter, entries)),
          some,
        );
        logged.catch(() => undefined); // whoever waits for the step hears of it
        for (const { seat } of some) seat.logging = logged;
      }
  }

  /** Forgets what no culture needs any more. */
  forget(seats: Iterable<Seat>): void {
    let oldest = Number.POSITIVE_INFINITY;
    for (const seat of seats) oldest = Math.min(oldest, seat.oldest);
    if (!Number.isFinite(oldest) || oldest <= this.forgotten) return;
    this.forgotten = oldest;
    this.log.forget(oldest).catch(() => undefined); // costs room, nothing else
  }

  private async write(host: string | undefined, step: number, bytes: Uint8Array, orders: readonly Order[]) {
    // A culture on its way to a host is sent its plan when it has arrived.
    const subject =
      host === undefined ? `wetgrad.plan.${this.vat}.on.the.way` : subjects.plans(this.vat, host);
    const id = `${this.coordinator}.${this.written++}`;
    for (;;) {
      const over = this.over();
      if (over) throw over;
      try {
        const sequence = await this.log.append(subject, bytes, id);
        for (const { seat } of orders) seat.logged(step, sequence);
        return;
      } catch {
        // The server is away: it is tried until it is back. The same id is logged once.
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
