/** What the books of a physical device say, an entry a line. Times are milliseconds since 1970 (`Epoch`). */
import { z } from "zod";

const count = z.int().min(0);
const ms = z.number();
const channel = z.int();

/** Channel, when it was to begin (ms, with fraction), duration (us), charge (fC), absolute net charge (fC). */
const pulse = z.tuple([channel, ms, z.number().min(0), count, count]);

/** Channel, pulses, charge (fC), absolute net charge (fC): accepted since the books began. */
const total = z.tuple([channel, count, count, count]);

export const entrySchema = z.discriminatedUnion("kind", [
  /** A process takes up the books, or goes on with them in a new file. */
  z.object({
    kind: z.literal("open"),
    atMs: ms,
    version: z.literal(1),
    device: z.string(),
    host: z.string(),
    processId: z.int(),
    /** Where the machine's clocks stood, to go on from. */
    wallMs: ms,
    boot: z.string(),
    bootMs: ms,
    /** Everything accepted before. */
    totals: z.array(total),
    /** Bytes at the end of the file before, which a process that was killed had not finished. */
    torn: count.optional(),
  }),
  /** Pulses that the gate has accepted, written before any of them is sent. */
  z.object({ kind: z.literal("pulses"), atMs: ms, pulses: z.array(pulse).min(1) }),
  /** A stop: what was to begin from here on was not sent. */
  z.object({ kind: z.literal("stop"), atMs: ms }),
  /** An accepted pulse that was not sent, and why. */
  z.object({ kind: z.literal("dropped"), atMs: ms, channel, dueMs: ms, rule: z.string() }),
  /** Calls and pulses refused since the last such entry, by rule. */
  z.object({ kind: z.literal("refused"), atMs: ms, byRule: z.record(z.string(), count) }),
  z.object({ kind: z.literal("close"), atMs: ms }),
]);

export type Entry = z.infer<typeof entrySchema>;
export type EntryOf<Kind extends Entry["kind"]> = Extract<Entry, { kind: Kind }>;
export type BookedPulse = z.infer<typeof pulse>;
export type Total = z.infer<typeof total>;
