/** What stands in the key-value bucket: the record of each host, vat and culture. JSON, checked whenever it is read. */
import type { KV, KvEntry } from "@nats-io/kv";
import { z } from "zod";

const whole = z.number().int().min(0);

/** `host.<host>`: written by the host again and again, and once by a coordinator that declares it lost. */
export const hostRecordSchema = z.object({
  state: z.enum(["offering", "lost", "left"]),
  session: z.string(),
  slots: whole.optional(),
  used: whole.optional(),
  leaseMs: whole.optional(),
  /** By vat: the coordinator's step that the host is at. */
  steps: z.record(z.string(), z.string()).optional(),
});

/** `vat.<vat>`: written by its coordinator again and again. */
export const vatRecordSchema = z.object({
  state: z.enum(["running", "closed"]),
  session: z.string(),
  leaseMs: whole,
  step: whole,
  brains: whole,
});

/** `brain.<vat>.<brain>`: who holds a brain. The revision of its writing is the fencing token. */
export const brainRecordSchema = z.object({
  coordinator: z.string(),
  host: z.string(),
  session: z.string(),
  snapshot: z.object({ object: z.string(), step: whole }).nullable(),
});

/** The record at a key, or null where there is none, none of this version, or no longer one; and its revision. */
export async function readRecord<Schema extends z.ZodType>(
  kv: KV,
  key: string,
  schema: Schema,
): Promise<{ record: z.infer<Schema> | null; revision: number }> {
  const entry = await kv.get(key);
  if (!entry) return { record: null, revision: 0 };
  return { record: parse(entry, schema), revision: entry.revision };
}

function parse<Schema extends z.ZodType>(entry: KvEntry, schema: Schema): z.infer<Schema> | null {
  if (entry.operation !== "PUT") return null;
  try {
    return schema.parse(entry.json());
  } catch {
    return null;
  }
}
