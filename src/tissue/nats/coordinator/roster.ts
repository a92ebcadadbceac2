/**
 * The hosts as a coordinator sees them: who offers how many cultures, and who has been silent for longer than its lease.
 * Such a host is declared lost by writing its record with compare-and-set: either the host writes it first and lives,
 * or it can never again claim a step.
 */
import type { KV } from "@nats-io/kv";
import type { NatsConnection, Subscription } from "@nats-io/transport-node";
import { monotonicMs } from "../../../device/time.ts";
import { keys, subjects } from "../server/names.ts";
import { hostRecordSchema, readRecord } from "../server/records.ts";
import { isConflict } from "../server/store.ts";
import type { ControlOf } from "../wire/control.ts";
import { type AliveMessage, decodeMessage, encodeControl } from "../wire/messages.ts";

export interface KnownHost {
  offer: ControlOf<"offer">;
  /** When it was last heard of, on the clock of `monotonicMs`. */
  seenAt: number;
}

export interface RosterOptions {
  readonly onHost: (offer: ControlOf<"offer">) => void;
  /** The host's session is over: it holds no culture any more. */
  readonly onLost: (host: string, session: string, why: string) => void;
}

const CHECK_MS = 200;
/** In this time a host that is there answers a call. */
const ANSWER_MS = 200;
/** Beyond its lease a host is given this share of it, for messages on their way. */
const PATIENCE = 1.25;

export class Roster {
  private readonly hosts = new Map<string, KnownHost>();
  /** Sessions that are over. */
  private readonly over = new Set<string>();
  /** The revision at which a silent host was last found alive, by session. */
  private readonly written = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;
  private readonly subscription: Subscription;
  private checking = false;
  private connected = true;

  constructor(
    private readonly connection: NatsConnection,
    private readonly kv: KV,
    private readonly options: RosterOptions,
  ) {
    this.subscription = connection.subscribe(subjects.offers, {
      callback: (_, { data }) => this.hear(data),
    });
    this.timer = setInterval(() => void this.check(), CHECK_MS);
    void this.watchConnection();
    this.call();
  }

  /** Hosts that can be given cultures, in the order of their names. */
  get present(): ControlOf<"offer">[] {
    return [...this.hosts.values()]
      .map(({ offer }) => offer)
      .sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0));
  }

  isPresent(host: string, session: string): boolean {
    return this.hosts.get(host)?.offer.session === session;
  }

  /** Waits until the hosts that are there have said so. */
  async heardAll(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  }

  close(): void {
    clearInterval(this.timer);
    this.subscription.unsubscribe();
  }

  private call(): void {
    if (!this.connection.isClosed()) this.connection.publish(subjects.call, encodeControl({ kind: "call" }));
  }

  private hear(data: Uint8Array): void {
    let offer: ControlOf<"offer">;
    try {
      const message = decodeMessage(data);
      if (message.type === "alive") this.alive(message);
      if (message.type !== "control" || message.control.kind !== "offer") return;
      offer = message.control;
    } catch {
      return; // no offer
    }
    if (this.over.has(offer.session)) return;
    const known = this.hosts.get(offer.host);
    if (known && known.offer.session !== offer.session) this.lose(known, "it came back with nothing");
    if (offer.leaving) {
      if (known) this.lose(known, "it left");
      return;
    }
    this.hosts.set(offer.host, { offer, seenAt: monotonicMs() });
    this.options.onHost(offer);
  }

  private alive({ host, session, revision }: AliveMessage): void {
    const known = this.hosts.get(host);
    if (known?.offer.session !== session) return;
    known.offer = { ...known.offer, revision };
    known.seenAt = monotonicMs();
  }

  /** After a break every host gets a whole lease to be heard again. */
  private async watchConnection(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === "disconnect") this.connected = false;
      if (type !== "reconnect") continue;
      this.connected = true;
      for (const known of this.hosts.values()) known.seenAt = monotonicMs();
      this.call();
    }
  }

  private async check(): Promise<void> {
    if (this.checking || !this.connected) return;
    this.checking = true;
    try {
      for (const known of [...this.hosts.values()])
        if (monotonicMs() > known.seenAt + PATIENCE * known.offer.leaseMs) await this.declareLost(known);
    } catch {
      // The server does not answer: nothing can be declared now.
    } finally {
      this.checking = false;
    }
  }

  private async declareLost(known: KnownHost): Promise<void> {
    const { host, session, revision: heard } = known.offer;
    const { record, revision } = await readRecord(this.kv, keys.host(host), hostRecordSchema);
    if (record?.session === session && record.state === "offering") {
      if (revision !== heard && revision !== this.written.get(session)) {
        // It has renewed its lease; only its offers were not heard.
        this.written.set(session, revision);
        known.seenAt = monotonicMs();
        this.call();
        return;
      }
      try {
        const value = JSON.stringify({ ...record, state: "lost" });
        await this.kv.put(keys.host(host), value, { previousSeq: revision });
      } catch (error) {
        if (!isConflict(error)) throw error;
        known.seenAt = monotonicMs();
        return;
      }
    }
    if (this.hosts.get(host) === known) this.lose(known, "it was silent for longer than its lease");
  }

  private lose({ offer }: KnownHost, why: string): void {
    this.over.add(offer.session);
    this.hosts.delete(offer.host);
    this.options.onLost(offer.host, offer.session, why);
  }
}
