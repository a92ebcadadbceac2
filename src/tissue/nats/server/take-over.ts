/** Takes a key's lease, once whoever had it has let it run out. */
import type { KV } from "@nats-io/kv";
import { z } from "zod";
import { monotonicMs } from "../../../device/time.ts";
import { Lease, type LeaseTerms } from "./lease.ts";
import { LeaseLost } from "./lease-lost.ts";
import { readRecord } from "./records.ts";

/** What every leased record says. */
const leasedSchema = z.object({
  steps: z.record(z.string(), z.string()).optional(),
  state: z.string(),
  leaseMs: z.number().int().min(1).optional(),
});

export interface TakeOver extends LeaseTerms {
  /** The record's `state` as long as the lease is to be respected. */
  readonly liveState: string;
  /** Thrown where the holder is alive. */
  readonly inUse: () => Error;
  readonly onWaiting?: () => void;
  /** What the one before had written. */
  readonly onFound?: (record: z.infer<typeof leasedSchema> | null) => void;
}

export async function takeOver(kv: KV, options: TakeOver): Promise<Lease> {
  const { key, leaseMs, liveState, inUse, onWaiting } = options;
  const first = await readRecord(kv, key, leasedSchema);
  if (first.record?.state === liveState) {
    const theirs = first.record.leaseMs ?? leaseMs;
    onWaiting?.();
    for (const until = monotonicMs() + 1.1 * theirs; monotonicMs() < until; ) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(theirs / 4, 500)));
      const now = await readRecord(kv, key, leasedSchema);
      if (now.record?.state !== liveState) return takeOver(kv, options);
      if (now.revision !== first.revision) throw inUse();
    }
  }
  options.onFound?.(first.record);
  try {
    return await Lease.take(kv, options, first.revision);
  } catch (error) {
    throw error instanceof LeaseLost ? inUse() : error;
  }
}
