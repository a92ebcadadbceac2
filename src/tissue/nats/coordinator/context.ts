/** What the parts of a coordinator share: its connection, the seats of its cultures, and whether it is over. */
import type { NatsConnection } from "@nats-io/transport-node";
import { subjects } from "../server/names.ts";
import type { VatStore } from "../server/store.ts";
import type { Control } from "../wire/control.ts";
import { encodeControl } from "../wire/messages.ts";
import type { CoordinatorLease } from "./coordinator-lease.ts";
import type { VatEvent } from "./events.ts";
import { PendingRequests } from "./pending-requests.ts";
import type { Roster } from "./roster.ts";
import type { Seat } from "./seat.ts";
import type { StepLog } from "./step-log.ts";

/** What there is once the vat is open. */
export interface Opened {
  readonly coordinator: CoordinatorLease;
  readonly store: VatStore;
  readonly log: StepLog;
  readonly roster: Roster;
}

export class VatContext {
  readonly seats = new Map<number, Seat>();
  readonly pending = new PendingRequests();
  /** Why nothing is asked of any host any more. */
  over: Error | undefined;
  parts: Opened | undefined;
  private wake: (() => void)[] = [];

  constructor(
    readonly connection: NatsConnection,
    readonly vat: string,
    readonly emit: (event: VatEvent) => void,
  ) {}

  /** Throws once the vat is over, or before it is open. */
  get opened(): Opened {
    if (this.over) throw this.over;
    if (!this.parts) throw new Error("the vat is not open");
    return this.parts;
  }

  seatOf(brain: number): Seat {
    const seat = this.seats.get(brain);
    if (!seat) throw new RangeError(`no brain ${brain} in this vat`);
    return seat;
  }

  tell(host: string, control: Control): void {
    if (!this.connection.isClosed()) this.connection.publish(subjects.host(host), encodeControl(control));
  }

  end(error: Error, forGood = true): void {
    this.over ??= error;
    if (forGood) this.pending.end(error);
    else this.pending.failAll(error);
    this.changed();
  }

  /** Waits for a host to come, to go or to have room, or for `waitMs`. */
  change(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  changed(): void {
    for (const wake of this.wake.splice(0)) wake();
  }
}
