/** What the NATS server keeps: the key-value bucket of hosts and vats, each vat's log of plans and its snapshots. */
import { setTimeout as pause } from "node:timers/promises";
import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  StorageType,
} from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { type ObjectStore, Objm } from "@nats-io/obj";
import type { NatsConnection } from "@nats-io/transport-node";
import { whileAway } from "./away.ts";
import { NetworkError } from "./connection.ts";
import { BUCKET, planStream, snapshotStore } from "./names.ts";

const READ_TRIES = 30;
const READ_MS = 10_000;
const READ_PAUSE_MS = 500;

export interface VatStore {
  readonly log: PlanLog;
  readonly snapshots: ObjectStore;
  /** Deletes the log and the snapshots. */
  destroy(): Promise<void>;
}

export async function openBucket(connection: NatsConnection): Promise<KV> {
  try {
    return await whileAway(() =>
      new Kvm(jetstream(connection)).create(BUCKET, {
        history: 1,
        storage: StorageType.File,
        allow_direct: false, // reads come from the server that orders the writes
      }),
    );
  } catch (error) {
    throw new NetworkError(
      `the NATS server at ${connection.getServer()} gives no key-value store (${(error as Error).message}); expected one with JetStream, such as nats-server -js`,
    );
  }
}

export async function openVatStore(connection: NatsConnection, vat: string): Promise<VatStore> {
  const js = jetstream(connection);
  const manager = await jetstreamManager(connection);
  const name = planStream(vat);
  await manager.streams.add({
    name,
    subjects: [`wetgrad.plan.${vat}.>`],
    storage: StorageType.File,
    allow_direct: true,
  });
  const snapshots = await new Objm(js).create(snapshotStore(vat), { storage: StorageType.File });
  return {
    log: new PlanLog(js, manager, name),
    snapshots,
    async destroy() {
      await snapshots.destroy();
      await manager.streams.delete(name);
    },
  };
}

/** Reads a snapshot, again if it does not come: the server may be away. */
export function readSnapshot(store: VatStore, object: string): Promise<Uint8Array> {
  return patiently(`snapshot ${object}`, () => store.snapshots.getBlob(object));
}

/** What `read` gives; null is an answer, too, that nothing will change. */
async function patiently(what: string, read: () => Promise<Uint8Array | null>): Promise<Uint8Array> {
  for (let left = READ_TRIES; ; left--) {
    const timer = new AbortController();
    const late = pause(READ_MS, new Error("no answer"), { signal: timer.signal });
    const bytes = await Promise.race([read(), late]).catch((error: Error) => error);
    timer.abort();
    late.catch(() => undefined);
    if (bytes instanceof Uint8Array) return bytes;
    if (bytes === null) throw new Error(`${what} is not on the NATS server`);
    if (left === 0) throw new Error(`${what} cannot be read from the NATS server (${bytes.message})`);
    await pause(READ_PAUSE_MS);
  }
}

/** The log of a vat's plans. */
export class PlanLog {
  constructor(
    private readonly js: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly name: string,
  ) {}

  /** Appends a message and hands it to whoever listens to `subject`; gives its number. The same `id` is kept once. */
  async append(subject: string, message: Uint8Array, id: string): Promise<number> {
    return (await this.js.publish(subject, message, { msgID: id })).seq;
  }

  read(sequence: number): Promise<Uint8Array> {
    return patiently(`message ${sequence} of the log of plans`, async () => {
      const message = await this.manager.direct.getMessage(this.name, { seq: sequence });
      return message?.data ?? null;
    });
  }

  /** Forgets all messages before `sequence`. */
  async forget(sequence: number): Promise<void> {
    await this.manager.streams.purge(this.name, { seq: sequence });
  }
}

/** Whether a write was refused because another had come before it. */
export function isConflict(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence;
}
