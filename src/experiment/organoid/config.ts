/** What an organoid experiment is: every number that its result depends on. */
import { z } from "zod";
import { COMPUTE_DEVICES } from "../../compute/contract.ts";
import { stimulationLimitsSchema } from "../../device/gate/limits.ts";
import {
  DEFAULT_SCAFFOLD,
  MOST_NEURONS,
  NEURONS_BY_SCAFFOLD,
  SCAFFOLDS,
} from "../../device/simulated/scaffolds.ts";
import { ROLE_CHOICES } from "../../protocol/roles.ts";
import { CONDITIONS, type Conditions } from "../../session/conditions.ts";
import { taskNames } from "../../tasks/series/names.ts";
import { DEFAULT_RULE, RULES } from "../../tissue/rules.ts";
import { REWIRINGS } from "../../tissue/wired/rewirings.ts";
import { openName } from "../fields/names.ts";
import { fieldTexts } from "../fields/texts.ts";
import { armChoices, methodChoices } from "./arms.ts";

/** Arms of the organoid cycle, which run by default. */
export const ARMS = ["descent", "teacher", "yoked", "random", "frozen", "sham"] as const;

/** How classes stand in the prediction zone: a chosen group of electrodes each, or states found by babbling. */
export const CODES = ["assigned", "free"] as const;
export type Code = (typeof CODES)[number];

/** Method `incremental`: the step budget where none is given. */
export const DEFAULT_STEP_BUDGET = 0.1;

/** Of a dish: most that it is quieted where nothing is said. */
export const QUIET_MINUTES = 60;

/** Babbled presentations under the conditions of a dish: with plasticity full, each writes a little into the synapses. */
export const DISH_BABBLES = 500;

/** Gradient steps of the first fit where none are given. */
export const FIT_STEPS = 500;

/** The schema of `OrganoidConfig`: `organoidConfig.parse({ series: "henon" })` fills in the defaults and throws `ZodError` at what is wrong. */
export const organoidConfig = z.strictObject({
  series: z
    .string()
    .default("laser")
    .register(fieldTexts, { value: "name|file", help: `one of ${taskNames.join(", ")}, or a CSV file` }),
  column: z
    .string()
    .optional()
    .register(fieldTexts, { value: "name|number", help: "column of the CSV file, where it has several" }),
  seeds: z.int().min(1).max(1000).default(8).register(fieldTexts, { help: "cultures per arm" }),
  /** Seed i of the run is firstSeed + i. */
  firstSeed: z.int().min(0).default(1).register(fieldTexts, { help: "the first seed" }),
  arms: z
    .array(openName(armChoices))
    .min(1)
    .default([...ARMS])
    .register(fieldTexts, {
      help: "descent and the method's controls",
      otherwise: "all of the method",
    }),
  codes: z
    .array(z.enum(CODES))
    .min(1)
    .default([...CODES])
    .register(fieldTexts, { flag: "code", help: "codes of the classes" }),
  cycles: z
    .int()
    .min(1)
    .max(1000)
    .default(4)
    .register(fieldTexts, { help: "cycles of record, fit, descend, write, probe" }),
  presentations: z
    .int()
    .min(16)
    .max(100_000)
    .default(200)
    .register(fieldTexts, { help: "presentations of a datum in each cycle" }),
  probeTrials: z.int().min(16).max(10_000).default(200).register(fieldTexts, {
    label: "Probe presentations",
    help: "presentations in each probe: held out, nothing is written",
  }),
  babbleTrials: z
    .int()
    .min(200)
    .max(100_000)
    .default(2000)
    .register(fieldTexts, { label: "Babbled presentations", help: "babbled presentations, before training" }),
  fitSteps: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .register(fieldTexts, {
      help: "gradient steps of the first fit of the emulator; later fits take shares of them",
      otherwise: String(FIT_STEPS),
    }),
  preset: z.enum(["default", "quiet"]).default("default").register(fieldTexts, {
    label: "Culture",
    help: "kind of culture (default bursts when left alone)",
  }),
  rule: z.enum(RULES).optional().register(fieldTexts, {
    label: "Plasticity rule",
    help: "rule by which the synapses learn (wetgrad culture rules)",
    otherwise: DEFAULT_RULE,
  }),
  div: z.number().min(7).max(35).default(21).register(fieldTexts, {
    label: "Age (days in vitro)",
    value: "days",
    help: "age in days in vitro",
  }),
  scaffold: z
    .enum(SCAFFOLDS)
    .optional()
    .register(fieldTexts, { help: "the array that the culture grows around", otherwise: DEFAULT_SCAFFOLD }),
  roles: z.enum(ROLE_CHOICES).optional().register(fieldTexts, {
    label: "Roles of electrodes",
    help: "roles of electrodes: by seed, or chosen by a survey of what pulses evoke",
    otherwise: "fixed",
  }),
  neurons: z
    .int()
    .min(101)
    .max(MOST_NEURONS)
    .optional()
    .register(fieldTexts, { help: "neurons of the culture", otherwise: NEURONS_BY_SCAFFOLD }),
  /** With plasticity on, between the last probe and the retention probe. */
  retentionSeconds: z.number().min(0).max(86_400).default(600).register(fieldTexts, {
    label: "Retention (s)",
    flag: "retention",
    value: "seconds",
    help: "spontaneous activity before the last probe; 0: none",
  }),
  limits: stimulationLimitsSchema.optional().register(fieldTexts, {
    value: "file",
    help: "JSON of your own stimulation limits, over the safety gate's defaults",
  }),
  method: openName(methodChoices)
    .optional()
    .register(fieldTexts, { help: "how to descend", otherwise: "stimulate" }),
  passes: z.int().min(1).max(100).optional().register(fieldTexts, {
    help: "how often the cycles go through the same training data",
    otherwise: "once",
  }),
  margin: z.number().min(0).max(1000).optional().register(fieldTexts, {
    label: "Margin (spikes)",
    value: "spikes",
    help: "methods that read first: the lead of the right class from which nothing is written",
    otherwise: "6, of classes of sixteen electrodes 10",
  }),
  reading: z.number().min(0).max(1).optional().register(fieldTexts, {
    label: "Plasticity while reading",
    value: "share",
    help: "methods that read first: plasticity while a datum is read, as a share of that while it is written",
    otherwise: "1",
  }),
  stepBudget: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .register(fieldTexts, {
      value: "share",
      help: "method incremental: most that a synapse may move in a cycle, as a share of the strongest of its kind",
      otherwise: String(DEFAULT_STEP_BUDGET),
    }),
  dish: z.string().min(1).optional().register(fieldTexts, {
    value: "address",
    help: "the dish on this device, in place of simulated cultures (wetgrad device list)",
  }),
  conditions: z.enum(CONDITIONS).optional().register(fieldTexts, {
    help: "what may be done to tissue: all that a simulation can, or what a laboratory can",
    otherwise: "ideal; of a dish its own",
  }),
  scalingLimit: z.number().min(0.05).max(1).optional().register(fieldTexts, {
    label: "Limit of scaling",
    value: "share",
    help: "conditions dish: least share of its excitation that simulated tissue scales down to; 1: it does not scale",
    otherwise: "0.4",
  }),
  quietMinutes: z.number().min(0).max(6000).optional().register(fieldTexts, {
    label: "Quieting (min)",
    flag: "quieting",
    value: "minutes",
    help: "of a dish: most that it is quieted, by pulses spread over all electrodes, until its evoked response is short",
    otherwise: "60",
  }),
  writeMs: z.number().min(1).max(14).optional().register(fieldTexts, {
    label: "Write after (ms)",
    flag: "write-after",
    value: "ms",
    help: "of the organoid cycle: how long after its volley a write comes; more where axons are slow",
    otherwise: "4",
  }),
  tissue: z.string().min(1).optional().register(fieldTexts, {
    value: "wiring:file",
    help: "a brain of a wiring diagram (wetgrad wiring convert) in place of grown cultures",
  }),
  places: z.string().min(1).optional().register(fieldTexts, {
    value: "cells",
    help: "of a wiring: groups that are lit for data, ; between; A > B: cells of A by those of B that they drive most",
    otherwise: "a larva's glomeruli",
  }),
  answers: z.string().min(1).optional().register(fieldTexts, {
    value: "cells",
    help: "of a wiring: groups that answer, and are lit for writes, ; between; each A: every cell of A",
    otherwise: "a larva's compartments",
  }),
  learn: z.string().min(1).optional().register(fieldTexts, {
    label: "Synapses that learn",
    value: "from > onto",
    help: "of a wiring: whose synapses learn by pairing",
    otherwise: "Kenyon cells onto output neurons",
  }),
  synapseMv: z.number().positive().max(1000).optional().register(fieldTexts, {
    label: "One synapse (mV)",
    value: "mV",
    help: "of a wiring: what one synapse does",
    otherwise: "0.8, a larva's working point",
  }),
  rewire: z.enum(REWIRINGS).optional().register(fieldTexts, {
    label: "Rewired",
    help: "of a wiring: a control, dealt out anew within pairs of classes before anything is taught",
    otherwise: "nothing",
  }),
  within: z.string().min(1).optional().register(fieldTexts, {
    label: "Rewired within",
    value: "column",
    help: "of a rewired wiring: the column of cells whose classes it keeps",
    otherwise: "fine",
  }),
  compute: z
    .enum(COMPUTE_DEVICES)
    .default("cpu")
    .register(fieldTexts, { help: "what computes the emulator" }),
});

export type OrganoidConfig = z.infer<typeof organoidConfig>;

/** Of a run that is only looked at: names that files of its own have given are not known here. */
export const savedOrganoidConfig = organoidConfig.extend({
  arms: z.array(z.string()),
  method: z.string().optional(),
});

/**
 * `--quick`: a demonstration that a minute is enough for, with as many seeds as tell its arms apart on an easy series. The numbers were
 * chosen on seeds 101 to 106.
 */
export const QUICK = {
  series: "noisy-cycle",
  seeds: 6,
  arms: ["descent", "random", "sham"],
  codes: ["assigned"],
  cycles: 1,
  presentations: 200,
  probeTrials: 80,
  babbleTrials: 500,
  fitSteps: 150,
  retentionSeconds: 0,
} satisfies Partial<OrganoidConfig>;

/**
 * `--main`, what `npm start` runs: an array of 252 electrodes, each datum read first and written to where it is needed, by descent on a
 * model of what writes do; as many cultures and arms as eight minutes on two cores are enough for. Its seeds were never looked at.
 */
export const MAIN = {
  scaffold: "mea256",
  method: "learned-descent",
  rule: "depression-dominated",
  seeds: 6,
  firstSeed: 201,
  arms: ["descent", "yoked", "random", "frozen", "sham"],
  codes: ["assigned"],
  cycles: 3,
  presentations: 800,
  passes: 3,
  babbleTrials: 500,
  fitSteps: 150,
} satisfies Partial<OrganoidConfig>;

/** What a run does not show that is the demonstration; undefined for any other. */
export function demonstrationOf(config: OrganoidConfig): string | undefined {
  const isIt = Object.entries(QUICK).every(
    ([name, value]) => String(config[name as keyof OrganoidConfig]) === String(value),
  );
  return isIt ? NOT_SHOWN : undefined;
}

const NOT_SHOWN =
  "An easy series (a cycle of eight symbols that slips one time in five), simulated cultures, one cycle of training, three arms of six. It does not show how tissue does on harder series, what the same pulses do in another order or with plasticity off, how long it remembers, nor anything of living tissue.";

/** What may be done to the tissue of a run. */
export function conditionsOf({ dish, conditions }: Pick<OrganoidConfig, "dish" | "conditions">): Conditions {
  return dish === undefined ? (conditions ?? "ideal") : "dish";
}
