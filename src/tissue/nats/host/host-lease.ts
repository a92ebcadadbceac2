/**
 * A host's standing with all vats: its record in the bucket, held by a lease, and the offers that it publishes. A lease
 * that was lost is followed by a new one, under a new session, with nothing held.
 */
import type { KV } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { NetworkError } from "../server/connection.ts";
import { Lease } from "../server/lease.ts";
import { LeaseLost } from "../server/lease-lost.ts";
import { keys, subjects } from "../server/names.ts";
import { hostRecordSchema, readRecord } from "../server/records.ts";
import { takeOver } from "../server/take-over.ts";
import { encodeControl, encodeMessage } from "../wire/messages.ts";

export interface HostLeaseOptions {
  readonly host: string;
  readonly slots: number;
  readonly leaseMs: number;
  /** The device, where the host's culture is a dish. */
  readonly tissue: string | null;
  /** Cultures held now. */
  readonly used: () => number;
  /** The lease is over: nothing that was held is held any more. */
  readonly onLost: () => void;
  readonly onJoined: (session: string) => void;
}

interface Claim {
  readonly coordinator: string;
  readonly step: number;
  /** Resolves when the claim is in the host's record. */
  readonly written: Promise<void>;
}

/** Renewals in the time of one lease. */
const RENEWALS = 4;

export class HostLease {
  private lease: Lease | undefined;
  /** By vat: which step of which coordinator is being done. */
  private readonly steps = new Map<string, string>();
  private readonly claims = new Map<string, Claim[]>();
  /** Of a dish: what an earlier process had claimed and may have done. */
  private before: ReadonlyMap<string, string> = new Map();
  private timer: NodeJS.Timeout | undefined;
  private leaving = false;
  private renewing = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly kv: KV,
    private readonly options: HostLeaseOptions,
  ) {}

  /** Takes the host's record, waiting for the lease of an earlier process of the same name to run out. */
  async join(): Promise<void> {
    const { host, leaseMs } = this.options;
    const inUse = () =>
      new NetworkError(
        `--name ${host}: expected a name of its own, but another host offers brains under it; choose another`,
      );
    const terms = { key: keys.host(host), leaseMs, liveState: "offering", inUse };
    const onFound = (record: { readonly steps?: Record<string, string> | undefined } | null) => {
      if (this.options.tissue === null) return;
      this.before = new Map(Object.entries(record?.steps ?? {}));
      for (const [vat, step] of this.before) this.steps.set(vat, step);
    };
    this.begin(await takeOver(this.kv, { ...terms, onFound, value: () => this.record() }));
    this.timer = setInterval(() => void this.renew(), leaseMs / RENEWALS);
  }

  get session(): string {
    return this.lease?.session ?? "";
  }

  /** Whether an earlier process had claimed a step, and may have done it. */
  wasClaimed(vat: string, coordinator: string, step: number): boolean {
    return this.before.get(vat) === markOf(coordinator, step);
  }

  /**
   * Claims a step of a coordinator: gives the end of a valid lease, or throws `LeaseLost`. The claim of the step that
   * will follow is written meanwhile, so that it need not be waited for; a dish's steps are claimed one by one, for
   * its record tells what it may have been given.
   */
  async claim(vat: string, coordinator: string, step: number): Promise<number> {
    const { lease } = this;
    if (!lease) throw new LeaseLost(`${this.options.host}: no lease yet`);
    await this.claimOf(lease, vat, coordinator, step).written;
    await lease.hold();
    if (lease !== this.lease) throw new LeaseLost(`${this.options.host}: the lease was lost`);
    if (this.options.tissue === null)
      this.claimOf(lease, vat, coordinator, step + 1).written.catch(() => undefined); // heard of when it is needed
    return lease.until;
  }

  private claimOf(lease: Lease, vat: string, coordinator: string, step: number): Claim {
    const claims = this.claims.get(vat) ?? [];
    const known = claims.find((claim) => claim.step === step && claim.coordinator === coordinator);
    if (known) return known;
    const claim = { coordinator, step, written: this.writeClaim(lease, vat, markOf(coordinator, step)) };
    this.claims.set(vat, [...claims.slice(-1), claim]);
    return claim;
  }

  private async writeClaim(lease: Lease, vat: string, mark: string): Promise<void> {
    this.steps.set(vat, mark);
    for (;;)
      try {
        await lease.write();
        this.sayAlive(); // heard by whoever watches for the host's next writing
        return;
      } catch (error) {
        if (error instanceof LeaseLost) throw error;
        await new Promise((resolve) => setTimeout(resolve, this.options.leaseMs / 10));
      }
  }

  private sayAlive(): void {
    if (!this.lease || this.connection.isClosed()) return;
    const { session, currentRevision: revision } = this.lease;
    const { host } = this.options;
    this.connection.publish(subjects.offers, encodeMessage({ type: "alive", host, session, revision }));
  }

  /** Says what is offered to whoever listens. */
  publish(): void {
    const { host, slots, leaseMs, tissue, used } = this.options;
    if (!this.lease || this.connection.isClosed()) return;
    const { session, currentRevision: revision } = this.lease;
    const offer = { kind: "offer", host, session, revision, slots, leaseMs, tissue } as const;
    this.connection.publish(
      subjects.offers,
      encodeControl({ ...offer, used: used(), leaving: this.leaving }),
    );
  }

  /** Gives the record up, so that what was held is taken elsewhere at once. */
  async leave(): Promise<void> {
    clearInterval(this.timer);
    this.leaving = true;
    this.publish();
    await this.lease?.write().catch(() => undefined);
    this.lease?.end();
  }

  private record(): object {
    const { slots, tissue, leaseMs, used } = this.options;
    const state = this.leaving ? "left" : "offering";
    return { state, slots, used: used(), leaseMs, tissue, steps: Object.fromEntries(this.steps) };
  }

  private begin(lease: Lease): void {
    this.lease = lease;
    this.options.onJoined(lease.session);
    this.publish();
  }

  private async renew(): Promise<void> {
    if (this.renewing || this.leaving) return;
    this.renewing = true;
    try {
      await this.lease?.write();
      this.publish();
    } catch (error) {
      if (error instanceof LeaseLost) await this.rejoin();
    } finally {
      this.renewing = false;
    }
  }

  private async rejoin(): Promise<void> {
    const { host, leaseMs } = this.options;
    this.lease = undefined;
    if (this.options.tissue === null) this.steps.clear();
    this.claims.clear();
    this.options.onLost();
    while (!this.leaving && !this.lease)
      try {
        const { revision } = await readRecord(this.kv, keys.host(host), hostRecordSchema);
        const terms = { key: keys.host(host), leaseMs, value: () => this.record() };
        this.begin(await Lease.take(this.kv, terms, revision));
      } catch {
        await new Promise((resolve) => setTimeout(resolve, leaseMs / RENEWALS));
      }
  }
}

const markOf = (coordinator: string, step: number) => `${coordinator}:${step}`;
