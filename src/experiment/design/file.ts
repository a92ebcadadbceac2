/**
 * The file that a laboratory writes of an experiment over several dishes and days, in YAML or JSON: which arms, on which dishes, how
 * often, how long apart, and which sessions will not count. `options` has the names of `wetgrad organoid`.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { RunError } from "../error.ts";
import { faultAt } from "../fields/fault.ts";
import { type OrganoidConfig, organoidConfig } from "../organoid/config.ts";
import { dishDefaults } from "../organoid/dish-defaults.ts";

const name = z.string().min(1).max(60);

const dish = z.strictObject({
  name,
  /** Its address; without one it is a simulated culture of this seed. */
  dish: z.string().min(1).optional(),
  /** The device file. */
  file: z.string().min(1).optional(),
  /** Of roles, babbling and data; of a simulated culture its seed, too. */
  seed: z.int().min(0),
});

/** Rules by which a session does not count. */
const exclude = z.strictObject({
  /** Late spikes for each electrode after quieting, above which a dish was too lively to be taught. */
  lateSpikesAbove: z.number().min(0).optional(),
  /** Spikes for each electrode within 20 ms of a volley, below which it hardly answers. */
  earlySpikesBelow: z.number().min(0).optional(),
  /** Share of pulses that the gate refused. */
  refusedShareAbove: z.number().min(0).max(1).optional(),
  /** Stages that were cut short and begun again. */
  begunAgainAbove: z.int().min(0).optional(),
});

export const designFile = z.strictObject({
  name,
  /** `control` among them. */
  arms: z.array(name).min(2),
  control: name.default("sham"),
  dishes: z.array(dish).min(2).max(500),
  sessionsPerDish: z.int().min(1).max(50).default(1),
  washoutHours: z.number().min(0).max(10_000).default(24),
  /** Of the assignment. */
  seed: z.int().min(0).default(1),
  /** Whoever runs and reads the sessions is told letters in place of arms. */
  blind: z.boolean().default(true),
  exclude: exclude.prefault({}),
  options: z.record(z.string(), z.unknown()).default({}),
});

export type Design = z.infer<typeof designFile>;
export type DesignDish = Design["dishes"][number];
export type ExclusionRules = Design["exclude"];

/** Throws `RunError` with the first thing wrong. */
export function readDesign(path: string): Design {
  const text = readFileSync(path, "utf8");
  let given: unknown;
  try {
    given = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new RunError(`${path}: expected YAML or JSON, got something else: ${firstLine(error)}`);
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new RunError(`${path}: expected name, arms, dishes and options, got no such thing (docs/dish.md)`);
  const parsed = designFile.safeParse(given);
  if (!parsed.success) throw new RunError(`${path}: ${faultIn(designFile, given, parsed.error)}`);
  assertCarries(path, parsed.data);
  for (const arm of parsed.data.arms) configOf(path, parsed.data, { arm, dish: parsed.data.dishes[0] });
  return parsed.data;
}

/** The experiment of a session. Throws `RunError` where the options are none of `wetgrad organoid`. */
export function configOf(
  path: string,
  { options }: Design,
  { arm, dish }: { readonly arm: string; readonly dish: DesignDish },
): OrganoidConfig {
  for (const own of OWN)
    if (own in options)
      throw new RunError(
        `${path}: options.${own}: expected without it, for the plan of the experiment says it`,
      );
  const place = dish.dish === undefined ? { conditions: "dish" } : { dish: dish.dish };
  const given = { ...dishDefaults, ...options, ...place, firstSeed: dish.seed, arms: [arm] };
  const parsed = organoidConfig.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new RunError(`${path}: options: ${faultIn(organoidConfig, given, parsed.error)}`);
}

/** Options that are the plan's. */
const OWN = ["dish", "conditions", "firstSeed", "seeds", "arms"] as const;

/** Throws where names are twice, the control is no arm, or arms would have fewer than two sessions. */
function assertCarries(path: string, { arms, control, dishes, sessionsPerDish }: Design): void {
  for (const [what, names] of [
    ["arms", arms],
    ["dishes", dishes.map((dish) => dish.name)],
  ] as const) {
    const twice = names.find((one, i) => names.indexOf(one) !== i);
    if (twice !== undefined) throw new RunError(`${path}: ${what}: expected each once, got ${twice} twice`);
  }
  if (!arms.includes(control))
    throw new RunError(`${path}: control: expected one of ${arms.join(", ")}, got ${control}`);
  const sessions = dishes.length * sessionsPerDish;
  if (sessions < 2 * arms.length)
    throw new RunError(
      `${path}: expected at least ${2 * arms.length} sessions for ${arms.length} arms, two each, got ${dishes.length} dishes with ${sessionsPerDish} each; add dishes, sessionsPerDish, or leave out arms`,
    );
  const simulated = dishes.find((dish) => dish.dish === undefined);
  if (simulated && sessionsPerDish > 1)
    throw new RunError(
      `${path}: sessionsPerDish: expected 1 with the simulated dish ${simulated.name}, which begins anew each time, got ${sessionsPerDish}; serve it (wetgrad culture serve) and name its address`,
    );
}

function faultIn(schema: z.ZodObject, given: object, { issues: [issue] }: z.ZodError): string {
  return faultAt(issue, { schema, given: given as Readonly<Record<string, unknown>> });
}

const firstLine = (error: unknown) => (error as Error).message.split("\n")[0];
