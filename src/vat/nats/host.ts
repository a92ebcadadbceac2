/**
 * A host: offers brains to whatever vat asks for them, and steps them. It holds one lease, on its own record, and
 * writes that record with compare-and-set before each step: once a coordinator has declared it lost by writing the
 * record itself, no step can be claimed any more. Without a valid lease nothing is stimulated, whatever the reason.
 */
import { availableParallelism, hostname } from "node:os";
import type { Subscription } from "@nats-io/transport-node";
import { connectNats, type NatsOptions, NetworkError } from "./connection.ts";
import { type HostEvent, Keeper } from "./keeper.ts";
import { decodeMessage, encodeMessage } from "./messages.ts";
import { checkName, subjects } from "./names.ts";
import { Offer } from "./offer.ts";
import { openBucket, openVatStore, type VatStore } from "./store.ts";
import { BrainThreads } from "./threads.ts";

export interface HostOptions {
  readonly nats: NatsOptions;
  /** How many brains it offers. */
  readonly brains: number;
  /** A name of its own among all hosts of the server. */
  readonly name?: string;
  /** How long the host may be silent before its brains are taken elsewhere. */
  readonly leaseMs?: number;
  /** Worker threads that keep the brains. */
  readonly threads?: number;
  readonly onEvent?: (event: ServingEvent) => void;
}

export type ServingEvent =
  | HostEvent
  | { readonly event: "offering"; readonly host: string; readonly session: string; readonly brains: number }
  | { readonly event: "lost-lease"; readonly host: string }
  | { readonly event: "message-dropped"; readonly why: string };

export interface BrainHost {
  readonly name: string;
  /** Stops all stimulation at once, gives the brains back and leaves. */
  close(): Promise<void>;
}

export const DEFAULT_LEASE_MS = 10_000;

export async function hostBrains(options: HostOptions): Promise<BrainHost> {
  const {
    brains,
    leaseMs = DEFAULT_LEASE_MS,
    threads = availableParallelism(),
    onEvent = () => {},
  } = options;
  const name = checkName(options.name ?? defaultName(), "--name");
  const connection = await connectNats({ name: `wetgrad host ${name}`, ...options.nats });
  const source = new BrainThreads(Math.min(threads, brains));
  try {
    const kv = await openBucket(connection);
    const stores = new Map<string, Promise<VatStore>>();
    const offer: Offer = new Offer(connection, kv, {
      ...{ host: name, slots: brains, leaseMs, tissue: null },
      used: () => keeper.size,
      onLost: () => {
        onEvent({ event: "lost-lease", host: name });
        keeper.drop("the lease was lost");
      },
      onJoined: (session) => onEvent({ event: "offering", host: name, session, brains }),
    });
    const keeper: Keeper = new Keeper({
      host: name,
      slots: brains,
      source,
      session: () => offer.session,
      claim: (vat, coordinator, step) => offer.claim(vat, coordinator, step),
      storeOf: (vat) => {
        const open = stores.get(vat) ?? openVatStore(connection, vat);
        stores.set(vat, open);
        open.catch(() => stores.delete(vat));
        return open;
      },
      answer: (vat, coordinator, message) =>
        connection.publish(subjects.answers(vat, coordinator), encodeMessage(message)),
      onEvent,
    });
    await offer.join();
    const listen = (subject: string) => serve(connection.subscribe(subject), keeper, onEvent);
    listen(subjects.host(name));
    listen(subjects.plans("*", name));
    connection.subscribe(subjects.call, { callback: () => offer.publish() });
    await connection.flush();
    offer.publish();
    return {
      name,
      async close() {
        keeper.drop("the host leaves");
        await offer.leave();
        await connection.drain().catch(() => undefined);
        await source.close();
      },
    };
  } catch (error) {
    await connection.close();
    await source.close();
    if (error instanceof NetworkError) throw error;
    throw new NetworkError(`--nats ${options.nats.url}: ${(error as Error).message}`);
  }
}

function serve(subscription: Subscription, keeper: Keeper, onEvent: (event: ServingEvent) => void): void {
  void (async () => {
    for await (const { data } of subscription)
      try {
        keeper.take(decodeMessage(data));
      } catch (error) {
        onEvent({ event: "message-dropped", why: (error as Error).message });
      }
  })();
}

/** The machine's name and the process: two hosts of one machine do not meet. */
function defaultName(): string {
  return `${hostname()
    .replace(/[^A-Za-z0-9_-]/g, "-")
    .slice(0, 48)}-${process.pid}`;
}
