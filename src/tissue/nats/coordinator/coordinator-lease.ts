/**
 * A coordinator's standing: the vat's record, held by a lease, and the records of its cultures, each written with
 * compare-and-set. Of two coordinators of one vat only the later can give out cultures.
 */
import type { KV } from "@nats-io/kv";
import { NetworkError } from "../server/connection.ts";
import type { Lease } from "../server/lease.ts";
import { LeaseLost } from "../server/lease-lost.ts";
import { keys } from "../server/names.ts";
import { brainRecordSchema, readRecord } from "../server/records.ts";
import { isConflict } from "../server/store.ts";
import { takeOver } from "../server/take-over.ts";
import type { Seat } from "./seat.ts";

export interface CoordinatorLeaseOptions {
  readonly vat: string;
  readonly leaseMs: number;
  readonly brains: number;
  /** The step that the vat is at. */
  readonly step: () => number;
  readonly onWaiting: () => void;
  readonly onLost: (error: Error) => void;
}

const RENEWALS = 4;
const RETRY_MS = 200;

export class CoordinatorLease {
  private readonly revisions = new Map<number, number>();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly kv: KV,
    private readonly options: CoordinatorLeaseOptions,
    private readonly lease: Lease,
    private readonly state: { closed: boolean },
  ) {
    this.timer = setInterval(() => {
      lease.write().catch((error: Error) => {
        if (error instanceof LeaseLost) options.onLost(superseded(options.vat));
      });
    }, options.leaseMs / RENEWALS);
  }

  static async take(kv: KV, options: CoordinatorLeaseOptions): Promise<CoordinatorLease> {
    const { vat, leaseMs, brains, step, onWaiting } = options;
    const state = { closed: false };
    const lease = await takeOver(kv, {
      key: keys.vat(vat),
      leaseMs,
      onWaiting,
      liveState: "running",
      value: () => ({ state: state.closed ? "closed" : "running", leaseMs, brains, step: step() }),
      inUse: () =>
        new NetworkError(
          `vat ${vat}: expected that nobody runs it, but another run does; wait for it to end, or choose another name`,
        ),
    });
    return new CoordinatorLease(kv, options, lease, state);
  }

  /** Of this coordinator among all. */
  get name(): string {
    return this.lease.session;
  }

  /** Waits until the lease holds; throws if another coordinator has taken the vat. */
  async hold(): Promise<void> {
    try {
      await this.lease.hold();
    } catch {
      throw superseded(this.options.vat);
    }
  }

  /** Gives a culture to a host's session: writes its record, whose revision is the fencing token. */
  async assign({ brain, snapshot }: Seat, host: string, session: string): Promise<number> {
    const key = keys.brain(this.options.vat, brain);
    const value = JSON.stringify({ coordinator: this.name, host, session, snapshot });
    for (;;) {
      await this.hold();
      try {
        const known =
          this.revisions.get(brain) ?? (await readRecord(this.kv, key, brainRecordSchema)).revision;
        const revision = await this.kv.put(key, value, { previousSeq: known });
        this.revisions.set(brain, revision);
        return revision;
      } catch (error) {
        // Either another coordinator's writing, or an own one whose answer was lost: read, and write once more.
        this.revisions.delete(brain);
        if (isConflict(error)) await this.lease.write().catch(() => undefined);
        else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** Marks the vat as closed; false where another coordinator has taken it meanwhile. */
  async close(): Promise<boolean> {
    clearInterval(this.timer);
    this.state.closed = true;
    try {
      await this.lease.write();
      return true;
    } catch {
      return false;
    } finally {
      this.lease.end();
    }
  }

  /** Deletes the records of the cultures. */
  async forget(brains: readonly number[]): Promise<void> {
    await Promise.all(brains.map((brain) => this.kv.purge(keys.brain(this.options.vat, brain))));
  }
}

export function superseded(vat: string): NetworkError {
  return new NetworkError(
    `vat ${vat}: another run has taken it over; this one has stopped and written nothing since`,
  );
}
