/** The control messages between coordinator and hosts, as schemas: whatever comes in is checked against them. */
import { z } from "zod";
import { RULES } from "../../../culture/rules/rules.ts";
import { stimulationLimitsSchema } from "../../../device/gate/limits.ts";
import { SCAFFOLDS } from "../../../device/simulated/scaffolds.ts";
import { ABILITIES } from "../../profile.ts";

const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const name = z.string().min(1).max(200);

const cultureSpecSchema = z.strictObject({
  brain: whole,
  seed: z.number().int(),
  neurons: z.number().int().min(1).max(65_000),
  div: z.number(),
  scaffold: z.enum(SCAFFOLDS).optional(),
  preset: z.enum(["default", "quiet"]),
  rule: z.enum(RULES).optional(),
  maximumWeight: z.number().optional(),
  eligibilityMs: z.number().positive().optional(),
  scaling: z
    .strictObject({
      targetHz: z.number().positive(),
      eFoldHours: z.number().positive(),
      limit: z.number().min(0).max(1),
      hours: z.number().min(0).max(240),
      hurried: z.number().positive(),
    })
    .optional(),
  limits: stimulationLimitsSchema.optional(),
});

const channel = z.number().int().min(0).max(0xffff);

const tissueProfileSchema = z.strictObject({
  name,
  preparation: z.enum(["simulated", "in-vitro"]),
  framesPerSecond: z.number().positive(),
  electrodes: z
    .array(
      z.strictObject({
        channel,
        xUm: z.number(),
        yUm: z.number(),
        areaUm2: z.number(),
        material: z.enum([
          "platinum",
          "platinum-black",
          "titanium-nitride",
          "iridium-oxide",
          "pedot",
          "unknown",
        ]),
      }),
    )
    .max(0x10000)
    .readonly(),
  reservedChannels: z.array(channel).readonly(),
  hardware: z
    .strictObject({
      maxCurrentUa: z.number(),
      maxChargePerPhaseNc: z.number(),
      maxElectrodesAtOnce: z.number().optional(),
    })
    .optional(),
  abilities: z.array(z.enum(ABILITIES)).readonly(),
});

/** Coordinator to host: hold this culture. Answered by `adopted`, or `refused`. */
const adopt = z.strictObject({
  kind: z.literal("adopt"),
  vat: name,
  coordinator: name,
  /** Of the host's offer that this takes up. */
  session: name,
  brain: whole,
  /** Fencing token: larger than any under which the culture was ever held. */
  token: whole,
  spec: cultureSpecSchema,
  /** Where the culture begins: an object in the store, or, if null, growing it. */
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

/** Coordinator to host: stop the stimulation of all cultures of a vat and let them go. Answered by `released`. */
const release = z.strictObject({ kind: z.literal("release"), vat: name, coordinator: name });

const adopted = z.strictObject({
  kind: z.literal("adopted"),
  brain: whole,
  token: whole,
  nextStep: whole,
  profile: tissueProfileSchema,
});

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
   * `stale`: the culture is held under a later token, that of another coordinator; `full`: no place left; `failed`: it
   * went wrong, `text` says how; `unknown`: the host does not hold the culture; `claimed`: the dish may have been given the
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
  /** The device, where the host's culture is tissue and not a simulation. */
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

/** A checked value without the fields that its schema says may be undefined. */
export function defined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Defined<Value>;
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };
