/** The control messages between coordinator and hosts, as schemas: whatever comes in is checked against them. */
import { z } from "zod";

const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const name = z.string().min(1).max(200);

export const brainSpecSchema = z.strictObject({
  brain: whole,
  seed: z.number().int(),
  neurons: z.number().int().min(1).max(65_000),
  div: z.number(),
  preset: z.enum(["default", "quiet"]),
  maximumWeight: z.number().optional(),
});

/** Coordinator to host: hold this brain. Answered by `adopted`, or `refused`. */
const adopt = z.strictObject({
  kind: z.literal("adopt"),
  vat: name,
  coordinator: name,
  /** Of the host's offer that this takes up. */
  session: name,
  brain: whole,
  /** Fencing token: larger than any under which the brain was ever held. */
  token: whole,
  spec: brainSpecSchema,
  /** Where the brain begins: an object in the store, or, if null, growing it. */
  snapshot: z.strictObject({ object: name, step: whole }).nullable(),
  /** What it did since: the numbers in the log of the messages with its plans, in order. */
  replay: z.array(whole).max(1_000_000),
  /** The step that then comes. */
  nextStep: whole,
});

/** Coordinator to host: store a snapshot. Answered by `snapshotted`. */
const snapshot = z.strictObject({
  kind: z.literal("snapshot"),
  vat: name,
  brain: whole,
  token: whole,
});

/** Coordinator to host: stop the stimulation of all brains of a vat and let them go. Answered by `released`. */
const release = z.strictObject({ kind: z.literal("release"), vat: name, coordinator: name });

const adopted = z.strictObject({ kind: z.literal("adopted"), brain: whole, token: whole, nextStep: whole });

const snapshotted = z.strictObject({
  kind: z.literal("snapshotted"),
  brain: whole,
  token: whole,
  step: whole,
  object: name,
});

const released = z.strictObject({ kind: z.literal("released"), host: name });

/** Host to coordinator: what was asked cannot be done. */
const refused = z.strictObject({
  kind: z.literal("refused"),
  brain: whole,
  token: whole,
  /**
   * `stale`: the brain is held under a later token, that of another coordinator; `full`: no place left; `failed`: it
   * went wrong, `text` says how; `unknown`: the host does not hold the brain; `claimed`: the dish may have been given the
   * step already, and is not given it again.
   */
  reason: z.enum(["stale", "full", "failed", "unknown", "claimed"]),
  text: z.string().max(2000),
});

/** Host to all, again and again: what it offers. Its record in the key-value store is what counts. */
const offer = z.strictObject({
  kind: z.literal("offer"),
  host: name,
  session: name,
  revision: whole,
  slots: whole,
  used: whole,
  leaseMs: whole,
  /** The device, where the host's brain is tissue and not a simulation. */
  tissue: name.nullable(),
  leaving: z.boolean(),
});

/** Coordinator to all hosts: say what you offer. */
const call = z.strictObject({ kind: z.literal("call") });

export const controlSchema = z.discriminatedUnion("kind", [
  adopt,
  snapshot,
  release,
  adopted,
  snapshotted,
  released,
  refused,
  offer,
  call,
]);

export type Control = z.infer<typeof controlSchema>;
export type ControlOf<Kind extends Control["kind"]> = Extract<Control, { readonly kind: Kind }>;
