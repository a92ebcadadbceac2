/**
 * A host: offers brains to whatever vat asks for them, and steps them. It holds one lease, on its own record, and
 * writes that record with compare-and-set for each step: once a coordinator has declared it lost by writing the
 * record itself, no step can be claimed any more. Without a valid lease nothing is stimulated, whatever the reason.
 */
import { availableParallelism, hostname } from "node:os";
import type { KV } from "@nats-io/kv";
import type { NatsConnection, Subscription } from "@nats-io/transport-node";
import { DEFAULT_ABANDON_MS, watchAbandoned } from "./abandoned.ts";
import { whileAway } from "./away.ts";
import { connectNats, type NatsOptions, NetworkError } from "./connection.ts";
import { Dish } from "./dish.ts";
import { type BringUp, bringUp } from "./held.ts";
import { type HostEvent, Keeper } from "./keeper.ts";
import { decodeMessage, encodeMessage } from "./messages.ts";
import { checkName, subjects } from "./names.ts";
import { Offer } from "./offer.ts";
import { openBucket, openVatStore, type VatStore } from "./store.ts";
import { BrainThreads } from "./threads.ts";

export interface HostOptions {
  readonly nats: NatsOptions;
  /** How many simulated brains it offers. */
  readonly brains?: number;
  /** Address of the device whose dish it offers instead (docs/devices.md). */
  readonly device?: string;
  /** Secret of a device that asks for one. */
  readonly deviceToken?: string;
  /** A name of its own among all hosts of the server. */
  readonly name?: string;
  /** How long the host may be silent before its brains are taken elsewhere. */
  readonly leaseMs?: number;
  /** Worker threads that keep the brains. */
  readonly threads?: number;
  /** How long a coordinator may be silent before its brains are let go of. */
  readonly abandonMs?: number;
  readonly onEvent?: (event: ServingEvent) => void;
}

export type ServingEvent =
  | HostEvent
  | {
      readonly event: "offering";
      readonly host: string;
      readonly session: string;
      readonly brains: number;
      readonly device: string | null;
    }
  | { readonly event: "lost-lease"; readonly host: string }
  | { readonly event: "message-dropped"; readonly why: string };

export interface BrainHost {
  readonly name: string;
  /** Resolves if the host's device is lost; the host then has to be closed, and started again when the device is back. */
  readonly gone: Promise<Error>;
  /** Stops all stimulation at once, gives the brains back and leaves. */
  close(): Promise<void>;
}

export const DEFAULT_LEASE_MS = 10_000;

export async function hostBrains(options: HostOptions): Promise<BrainHost> {
  const name = checkName(options.name ?? defaultName(), "--name");
  const connection = await connectNats({ name: `wetgrad host ${name}`, ...options.nats });
  const closers: (() => Promise<void>)[] = [];
  try {
    const kv = await openBucket(connection);
    return await offerBrains(name, connection, kv, options, closers);
  } catch (error) {
    await connection.close();
    for (const close of closers) await close();
    if (error instanceof Error && ["NetworkError", "DeviceError", "DeviceLost"].includes(error.name))
      throw error;
    throw new NetworkError(`--nats ${options.nats.url}: ${(error as Error).message}`);
  }
}

async function offerBrains(
  name: string,
  connection: NatsConnection,
  kv: KV,
  options: HostOptions,
  closers: (() => Promise<void>)[],
): Promise<BrainHost> {
  const { leaseMs = DEFAULT_LEASE_MS, abandonMs = DEFAULT_ABANDON_MS, onEvent = () => {} } = options;
  const dish = options.device === undefined ? null : await Dish.open(options.device, options.deviceToken);
  if (dish) closers.push(() => dish.close());
  const slots = dish ? 1 : (options.brains ?? 1);
  const stores = new Map<string, Promise<VatStore>>();
  const storeOf = (vat: string) => {
    const open = stores.get(vat) ?? openVatStore(connection, vat);
    stores.set(vat, open);
    open.catch(() => stores.delete(vat));
    return open;
  };
  const offer: Offer = new Offer(connection, kv, {
    host: name,
    slots,
    leaseMs,
    tissue: dish?.name ?? null,
    used: () => keeper.size,
    onLost: () => {
      onEvent({ event: "lost-lease", host: name });
      keeper.drop("the lease was lost");
    },
    onJoined: (session) =>
      onEvent({ event: "offering", host: name, session, brains: slots, device: dish?.name ?? null }),
  });
  let lose: (error: Error) => void = () => {};
  const gone = new Promise<Error>((resolve) => {
    lose = resolve;
  });
  const keeper: Keeper = new Keeper({
    host: name,
    slots,
    storeOf,
    onEvent,
    onGone: (error) => lose(error),
    bringUp: dish ? dishBringUp(dish, offer) : simulatedBringUp(options, slots, storeOf, closers),
    session: () => offer.session,
    claim: (vat, coordinator, step) => offer.claim(vat, coordinator, step),
    answer: (vat, coordinator, message) => {
      if (!connection.isClosed())
        connection.publish(subjects.answers(vat, coordinator), encodeMessage(message));
    },
  });
  await whileAway(() => offer.join());
  const listen = (subject: string) => serve(connection.subscribe(subject), keeper, onEvent);
  listen(subjects.host(name));
  listen(subjects.plans("*", name));
  connection.subscribe(subjects.call, { callback: () => offer.publish() });
  const unwatch = watchAbandoned(kv, {
    abandonMs,
    coordinators: () => keeper.coordinators,
    onAbandoned: (vat, coordinator) =>
      keeper.drop(
        "its run has ended without a word",
        (held) => held.vat === vat && held.coordinator === coordinator,
      ),
  });
  await connection.flush();
  offer.publish();
  return {
    name,
    gone,
    async close() {
      unwatch();
      keeper.drop("the host leaves");
      await offer.leave();
      await connection.drain().catch(() => undefined);
      for (const close of closers) await close();
    },
  };
}

function dishBringUp(dish: Dish, offer: Offer): BringUp {
  return (adoption) =>
    dish.adopt(adoption, offer.wasClaimed(adoption.vat, adoption.coordinator, adoption.nextStep));
}

function simulatedBringUp(
  { threads = availableParallelism() }: HostOptions,
  slots: number,
  storeOf: (vat: string) => Promise<VatStore>,
  closers: (() => Promise<void>)[],
): BringUp {
  const source = new BrainThreads(Math.min(threads, slots));
  closers.push(() => source.close());
  return async (adoption, before, onReplay) =>
    bringUp(adoption, source, await storeOf(adoption.vat), before, onReplay);
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
