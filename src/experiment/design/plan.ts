/**
 * The plan of an experiment over dishes and days, written and hashed before the first pulse: which dish has which arm in which session.
 *
 *   plan.json       the file it was made from, its sessions, and a hash over both
 *   key.json        of a blind one: which letter is which arm, and the seed of the assignment. Who runs and reads sessions leaves it closed
 *   session-01/ …   runs of the sessions
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { Random } from "../../math/random.ts";
import { RunError } from "../error.ts";
import { allocate } from "./allocate.ts";
import { type Design, designFile } from "./file.ts";

const FORMAT = 1;

const planSchema = z.strictObject({
  format: z.literal(FORMAT),
  wetgradVersion: z.string(),
  /** Of a blind one without its seed, which would tell the key. */
  design: designFile.omit({ seed: true }),
  sessions: z.array(
    z.strictObject({
      number: z.int().min(1),
      dish: z.string(),
      /** From 1 on; washout lies between a dish's days. */
      day: z.int().min(1),
      /** An arm, or its letter. */
      arm: z.string(),
    }),
  ),
  keySha256: z.string(),
  sha256: z.string(),
});

const keySchema = z.strictObject({ seed: z.int(), arms: z.record(z.string(), z.string()) });

export type Plan = z.infer<typeof planSchema>;
export type PlannedSession = Plan["sessions"][number];
export type Key = z.infer<typeof keySchema>;

const PLAN = "plan.json";
const KEY = "key.json";

/** Sessions, arms by name or by letter, and the key to them. */
export function makePlan(design: Design, wetgradVersion: string): { plan: Plan; key: Key } {
  const { seed, ...rest } = design;
  const { arms, dishes, sessionsPerDish, blind } = design;
  const letters = Random.of(seed, "letters").permutation(arms.length);
  const shown = arms.map((arm, i) => (blind ? String.fromCharCode(65 + letters[i]) : arm));
  const key = { seed, arms: Object.fromEntries(shown.map((name, i) => [name, arms[i]] as const).sort()) };
  const sessions = allocate(arms.length, dishes.length, sessionsPerDish, seed).map((session, i) => ({
    number: i + 1,
    dish: dishes[session.dish].name,
    day: session.day + 1,
    arm: shown[session.arm],
  }));
  const open = { format: FORMAT, wetgradVersion, design: rest, sessions, keySha256: hashOf(key) } as const;
  return { plan: { ...open, sha256: hashOf(open) }, key };
}

/** Writes both files. The same plan may be written again; throws `RunError` where another is there. */
export function writePlan(folder: string, made: { readonly plan: Plan; readonly key: Key }): void {
  const path = join(folder, PLAN);
  if (existsSync(path) && !isDeepStrictEqual(readPlan(folder), plain(made.plan)))
    throw new RunError(`${path}: another plan is there already; plans are not changed: choose another --out`);
  makeFolder(folder);
  writeWhole(join(folder, KEY), `${JSON.stringify(made.key, null, 2)}\n`);
  writeWhole(path, `${JSON.stringify(made.plan, null, 2)}\n`);
}

/** Throws `RunError` where there is none, or it was changed. */
export function readPlan(folder: string): Plan {
  const path = join(folder, PLAN);
  if (!existsSync(path))
    throw new RunError(`${folder}: expected the folder of a plan (wetgrad experiment plan), got no ${PLAN}`);
  const plan = parsed(path, planSchema);
  const { sha256, ...open } = plan;
  if (hashOf(open) !== sha256)
    throw new RunError(
      `${path}: it was changed after it was written; put it back, or plan anew in another folder`,
    );
  return plan;
}

/** Which letter is which arm. Throws `RunError` where it is not that of `plan`. */
export function readKey(folder: string, plan: Plan): Key {
  const path = join(folder, KEY);
  if (!existsSync(path))
    throw new RunError(`${path}: expected the key of the plan; it was written beside it`);
  const key = parsed(path, keySchema);
  if (hashOf(key) !== plan.keySha256)
    throw new RunError(`${path}: expected the key that ${PLAN} was written with, got another; put it back`);
  return key;
}

/** The session's run. */
export function sessionFolder(folder: string, { number }: Pick<PlannedSession, "number">): string {
  return join(folder, `session-${String(number).padStart(2, "0")}`);
}

function parsed<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code) throw error;
  }
  const read = schema.safeParse(value);
  if (!read.success)
    throw new RunError(`${path}: expected what wetgrad experiment plan wrote, got something else`);
  return read.data;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Of the data as JSON, keys in the order of their schema. */
function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
