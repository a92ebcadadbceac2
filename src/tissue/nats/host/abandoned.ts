/**
 * Finds vats whose coordinator has died: its record is no longer its own, or it has not renewed its lease for long.
 * A host lets go of their cultures. A coordinator that was only cut off gives them out anew, from their snapshots and log.
 */
import type { KV } from "@nats-io/kv";
import { monotonicMs } from "../../../device/time.ts";
import { keys } from "../server/names.ts";
import { readRecord, vatRecordSchema } from "../server/records.ts";

export const DEFAULT_ABANDON_MS = 120_000;
/** Looks in the time after which a vat counts as abandoned. */
const LOOKS = 12;

export interface AbandonedOptions {
  readonly abandonMs: number;
  /** The coordinator of each vat that counts. */
  readonly coordinators: () => ReadonlyMap<string, string>;
  readonly onAbandoned: (vat: string, coordinator: string) => void;
}

/** Watches until the function that it gives is called. */
export function watchAbandoned(kv: KV, options: AbandonedOptions): () => void {
  const { abandonMs, coordinators, onAbandoned } = options;
  const seen = new Map<string, { readonly revision: number; readonly since: number }>();
  let looking = false;
  const look = async () => {
    const held = coordinators();
    for (const vat of seen.keys()) if (!held.has(vat)) seen.delete(vat);
    for (const [vat, coordinator] of held) {
      const { record, revision } = await readRecord(kv, keys.vat(vat), vatRecordSchema);
      const known = seen.get(vat);
      if (known?.revision !== revision) seen.set(vat, { revision, since: monotonicMs() });
      const own = record?.session === coordinator && record.state === "running";
      const silentMs = known?.revision === revision ? monotonicMs() - known.since : 0;
      // A record that is another's is waited for once: the next coordinator takes the cultures over itself.
      if (silentMs >= (own ? abandonMs : abandonMs / LOOKS)) onAbandoned(vat, coordinator);
    }
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch(() => undefined) // the server is away: nothing is known
      .finally(() => {
        looking = false;
      });
  }, abandonMs / LOOKS);
  return () => clearInterval(timer);
}
