/**
 * A host: offers cultures to whatever vat asks for them, and steps them. It holds one lease, on its own record, and
 * writes that record with compare-and-set for each step: once a coordinator has declared it lost by writing the
 * record itself, no step can be claimed any more. Without a valid lease nothing is stimulated, whatever the reason.
 */
import { availableParallelism, hostname } from "node:os";
import type { KV } from "@nats-io/kv";
import type { NatsConnection, Subscription } from "@nats-io/transport-node";
import { whileAway } from "../server/away.ts";
import { connectNats, type NatsOptions, NetworkError } from "../server/connection.ts";
import { checkName, subjects } from "../server/names.ts";
import { openBucket, openVatStore, type VatStore } from "../server/store.ts";
import { decodeMessage, encodeMessage } from "../wire/messages.ts";
import { DEFAULT_ABANDON_MS, watchAbandoned } from "./abandoned.ts";
import { Dish } from "./dish.ts";
import { HostLease } from "./host-lease.ts";
import { type BringUp, bringUp } from "./hosted-culture.ts";
import { type HostEvent, HostedCultures } from "./hosted-cultures.ts";
import { CultureThreads } from "./threads.ts";

export interface HostOptions {
  readonly nats: NatsOptions;
  /** How many simulated cultures it offers. */
  readonly brains?: number;
  /** Address of the device whose dish it offers instead (docs/devices.md). */
  readonly device?: string;
  /** Secret of a device that asks for one. */
  readonly deviceToken?: string;
  /** A name of its own among all hosts of the server. */
  readonly name?: string;
  /** How long the host may be silent before its cultures are taken elsewhere. */
  readonly leaseMs?: number;
  /** Worker threads that keep the cultures. */
  readonly threads?: number;
  /** How long a coordinator may be silent before its cultures are let go of. */
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

export interface TissueHost {
  readonly name: string;
  /** Resolves if the host's device is lost; the host then has to be closed, and started again when the device is back. */
  readonly gone: Promise<Error>;
  /** Stops all stimulation at once, gives the cultures back and leaves. */
  close(): Promise<void>;
}

export const DEFAULT_LEASE_MS = 10_000;

export async function hostTissue(options: HostOptions): Promise<TissueHost> {
  const name = checkName(options.name ?? defaultName(), "--name");
  const connection = await connectNats({ name: `wetgrad host ${name}`, ...options.nats });
  const closers: (() => Promise<void>)[] = [];
  try {
    const kv = await openBucket(connection);
    return await offerCultures(name, { connection, kv }, options, closers);
  } catch (error) {
    await connection.close();
    for (const close of closers) await close();
    if (error instanceof Error && ["NetworkError", "DeviceError", "DeviceLost"].includes(error.name))
      throw error;
    throw new NetworkError(`--nats ${options.nats.url}: ${(error as Error).message}`);
  }
}

async function offerCultures(
  name: string,
  { connection, kv }: { readonly connection: NatsConnection; readonly kv: KV },
  options: HostOptions,
  closers: (() => Promise<void>)[],
): Promise<TissueHost> {
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
  const lease: HostLease = new HostLease(connection, kv, {
    host: name,
    slots,
    leaseMs,
    tissue: dish?.name ?? null,
    used: () => cultures.size,
    onLost: () => {
      onEvent({ event: "lost-lease", host: name });
      cultures.drop("the lease was lost");
    },
    onJoined: (session) =>
      onEvent({ event: "offering", host: name, session, brains: slots, device: dish?.name ?? null }),
  });
  let lose: (error: Error) => void = () => {};
  const gone = new Promise<Error>((resolve) => {
    lose = resolve;
  });
  const cultures: HostedCultures = new HostedCultures({
    host: name,
    slots,
    storeOf,
    onEvent,
    onGone: (error) => lose(error),
    bringUp: dish ? dishBringUp(dish, lease) : simulatedBringUp(options, slots, storeOf, closers),
    session: () => lease.session,
    claim: (vat, coordinator, step) => lease.claim(vat, coordinator, step),
    answer: (vat, coordinator, message) => {
      if (!connection.isClosed())
        connection.publish(subjects.answers(vat, coordinator), encodeMessage(message));
    },
  });
  await whileAway(() => lease.join());
  const listen = (subject: string) => serve(connection.subscribe(subject), cultures, onEvent);
  listen(subjects.host(name));
  listen(subjects.plans("*", name));
  connection.subscribe(subjects.call, { callback: () => lease.publish() });
  const unwatch = watchAbandoned(kv, {
    abandonMs,
    coordinators: () => cultures.coordinators,
    onAbandoned: (vat, coordinator) =>
      cultures.drop(
        "its run has ended without a word",
        (held) => held.vat === vat && held.coordinator === coordinator,
      ),
  });
  await connection.flush();
  lease.publish();
  return {
    name,
    gone,
    async close() {
      unwatch();
      cultures.drop("the host leaves");
      await lease.leave();
      await connection.drain().catch(() => undefined);
      for (const close of closers) await close();
    },
  };
}

function dishBringUp(dish: Dish, lease: HostLease): BringUp {
  return ({ adoption }) =>
    dish.adopt(adoption, lease.wasClaimed(adoption.vat, adoption.coordinator, adoption.nextStep));
}

function simulatedBringUp(
  { threads = availableParallelism() }: HostOptions,
  slots: number,
  storeOf: (vat: string) => Promise<VatStore>,
  closers: (() => Promise<void>)[],
): BringUp {
  const source = new CultureThreads(Math.min(threads, slots));
  closers.push(() => source.close());
  return async (arrival) => bringUp(arrival, source, await storeOf(arrival.adoption.vat));
}

function serve(
  subscription: Subscription,
  cultures: HostedCultures,
  onEvent: (event: ServingEvent) => void,
): void {
  void (async () => {
    for await (const { data } of subscription)
      try {
        cultures.take(decodeMessage(data));
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
