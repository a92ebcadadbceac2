/**
 * A lease on a key of the bucket: held by writing the key again and again with compare-and-set, lost as soon as
 * anybody else has written it. It runs from before the write was sent, by this machine's monotonic clock, so the
 * holder always counts it as over before anyone who has seen the write does (Gray & Cheriton 1989, "Leases",
 * https://doi.org/10.1145/74850.74870).
 */
import { randomUUID } from "node:crypto";
import type { KV } from "@nats-io/kv";
import { monotonicMs } from "../../../device/time.ts";
import { LeaseLost } from "./lease-lost.ts";
import { isConflict } from "./store.ts";

export interface LeaseTerms {
  readonly key: string;
  readonly leaseMs: number;
  /** The record that is written, again at each renewal. */
  readonly value: () => object;
}

export class Lease {
  /** Who holds it: new with every lease, so that none is mistaken for an earlier one. */
  readonly session = randomUUID().slice(0, 13);
  private validUntil = Number.NEGATIVE_INFINITY;
  private writes = 0;
  private revision = 0;
  private state: "held" | "lost" | "ended" = "held";
  /** When each write whose fate is unknown was sent. */
  private readonly sent = new Map<number, number>();
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly kv: KV,
    private readonly terms: LeaseTerms,
  ) {}

  /** Takes the lease over from whoever wrote `revision` last (0: the key is not there); `LeaseLost` if that has changed. */
  static async take(kv: KV, terms: LeaseTerms, revision: number): Promise<Lease> {
    const lease = new Lease(kv, terms);
    lease.revision = revision;
    await lease.write();
    return lease;
  }

  get lost(): boolean {
    return this.state === "lost";
  }

  /** Of the last write. */
  get currentRevision(): number {
    return this.revision;
  }

  /** Until when this holder may act, on the clock of `monotonicMs`. */
  get until(): number {
    return this.state === "held" ? this.validUntil : Number.NEGATIVE_INFINITY;
  }

  get valid(): boolean {
    return monotonicMs() < this.until;
  }

  /** Writes the key again. Throws `LeaseLost` if another has, other errors if the server does not answer. */
  write(): Promise<void> {
    const turn = this.queue.then(() => this.writeOnce());
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  /** Waits until the lease is valid, however long the server takes; throws `LeaseLost` once it is lost. */
  async hold(): Promise<void> {
    while (!this.valid) {
      if (this.state !== "held") throw new LeaseLost(`${this.terms.key}: the lease is over`);
      try {
        await this.write();
      } catch (error) {
        if (error instanceof LeaseLost) throw error;
        await new Promise((resolve) => setTimeout(resolve, this.terms.leaseMs / 10));
      }
    }
  }

  /** Gives the lease up; nothing is written any more. */
  end(): void {
    if (this.state === "held") this.state = "ended";
  }

  private async writeOnce(): Promise<void> {
    if (this.state !== "held") throw new LeaseLost(`${this.terms.key}: the lease is over`);
    const write = ++this.writes;
    const sentAt = monotonicMs();
    this.sent.set(write, sentAt);
    const value = JSON.stringify({ ...this.terms.value(), session: this.session, write });
    try {
      const options = { previousSeq: this.revision, timeout: this.terms.leaseMs / 2 };
      this.held(await this.kv.put(this.terms.key, value, options), write);
    } catch (error) {
      if (!isConflict(error)) throw error;
      await this.settle();
    }
  }

  /** After a conflict: the other write may be an own one whose answer was lost. */
  private async settle(): Promise<void> {
    const entry = await this.kv.get(this.terms.key);
    const { session, write } = entry && entry.operation === "PUT" ? entry.json<Written>() : ({} as Written);
    if (entry && session === this.session && this.sent.has(write)) return this.held(entry.revision, write);
    this.state = "lost";
    throw new LeaseLost(`${this.terms.key}: the lease was taken by another`);
  }

  private held(revision: number, write: number): void {
    this.revision = revision;
    this.validUntil = Math.max(this.validUntil, this.sent.get(write)! + this.terms.leaseMs);
    for (const earlier of this.sent.keys()) if (earlier <= write) this.sent.delete(earlier);
  }
}

interface Written {
  readonly session?: string;
  readonly write: number;
}
