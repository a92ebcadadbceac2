/** What a vat experiment is: every number that its result depends on. */
import { z } from "zod";
import {
  DEFAULT_SCAFFOLD,
  MOST_NEURONS,
  NEURONS_BY_SCAFFOLD,
  SCAFFOLDS,
} from "../../device/simulated/scaffolds.ts";
import { ROLE_CHOICES } from "../../protocol/roles.ts";
import { gameNames, isGame, leastBrainsOf, vatTaskNames } from "../../tasks/descriptions.ts";
import { ARENAS, DOOM_DEFAULTS, PERCEPTIONS, VIEWS } from "../../tasks/doom/options.ts";
import { DEFAULT_RULE, RULES } from "../../tissue/rules.ts";
import { openName } from "../fields/names.ts";
import { fieldTexts } from "../fields/texts.ts";

/**
 * `descent`: the connected vat. `unconnected`: its twin, the same brains and seeds, each predicted from itself alone, and
 * nothing coming from one to another. `teacher`, `yoked`, `random`, `frozen`, `sham`: as in the organoid cycle.
 * `feedback`: the published feedback of the dish, in games only.
 */
const VAT_ARMS = [
  "descent",
  "unconnected",
  "teacher",
  "yoked",
  "random",
  "frozen",
  "sham",
  "feedback",
] as const;
export type VatArm = (typeof VAT_ARMS)[number];

const BRAINS = 16;

const fields = z.strictObject({
  task: openName(vatTaskNames).register(fieldTexts, { help: "what the brains are trained on" }),
  brains: z.int().min(1).max(10_000).default(BRAINS).register(fieldTexts, { help: "brains of the vat" }),
  seeds: z.int().min(1).max(1000).default(4).register(fieldTexts, { help: "vats per arm" }),
  firstSeed: z.int().min(0).default(1).register(fieldTexts, { help: "the first seed" }),
  arms: z
    .array(z.enum(VAT_ARMS))
    .min(1)
    .register(fieldTexts, { help: "descent and its controls", otherwise: "all of the task" }),
  cycles: z.int().min(1).max(1000).default(2).register(fieldTexts, { help: "cycles of train and probe" }),
  presentations: z.int().min(16).max(100_000).default(200).register(fieldTexts, {
    help: "presentations of 100 ms in each cycle",
  }),
  probeTrials: z.int().min(30).max(100_000).default(150).register(fieldTexts, {
    label: "Probe presentations",
    help: "presentations in each probe: held out, nothing is written",
  }),
  babbleTrials: z
    .int()
    .min(50)
    .max(100_000)
    .default(400)
    .register(fieldTexts, { label: "Babbled presentations", help: "babbled presentations, before training" }),
  /** Of the autoencoder; dynamics and reading take four fifths of it, later fits a fifth. */
  fitSteps: z.int().min(1).max(100_000).default(500).register(fieldTexts, {
    label: "Steps of the first fit",
    help: "gradient steps of the first fit of the joint emulator",
  }),
  scaffold: z
    .enum(SCAFFOLDS)
    .optional()
    .register(fieldTexts, { help: "the array that each brain grows around", otherwise: DEFAULT_SCAFFOLD }),
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
    .register(fieldTexts, { help: "neurons of each brain", otherwise: NEURONS_BY_SCAFFOLD }),
  preset: z.enum(["default", "quiet"]).default("quiet").register(fieldTexts, {
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
  streams: z
    .array(z.string())
    .default([])
    .register(fieldTexts, { help: "task signals: series by name, files, or FILE:COLUMN, with commas" }),
  arena: openName(() => ARENAS)
    .optional()
    .register(fieldTexts, { help: "task doom: where it is played", otherwise: DOOM_DEFAULTS.arena }),
  perception: z.enum(PERCEPTIONS).optional().register(fieldTexts, {
    help: "task doom: what is perceived, by the engine's list of things, rays or pixels",
    otherwise: DOOM_DEFAULTS.perception,
  }),
  view: z.enum(VIEWS).optional().register(fieldTexts, {
    label: "Field of view",
    help: "task doom: each brain sees the whole field of view, or a window of it",
    otherwise: DOOM_DEFAULTS.view,
  }),
  lives: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .register(fieldTexts, {
      label: "Lives of a probe",
      help: "task doom: a probe ends with so many lives, or with its presentations",
      otherwise: String(DOOM_DEFAULTS.lives),
    }),
  critics: z.boolean().optional().register(fieldTexts, {
    label: "The critics' controls",
    help: "task doom: the trained brains play on without their part: late, blind, permuted, reset ...",
  }),
  engine: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .register(fieldTexts, {
      label: "Engine (SHA-256)",
      value: "sha256",
      help: "task doom: the engine to play in",
      otherwise: "that of wetgrad doom setup",
    }),
  record: z
    .boolean()
    .default(false)
    .register(fieldTexts, { help: "keep every spike and pulse of every brain, in recording.nwb" }),
  dishes: z.array(z.string()).min(1).optional().register(fieldTexts, {
    help: "with --nats: hosts whose dishes are the first brains (vat host --dish)",
  }),
});

/** The schema of `VatConfig`: fills in the defaults, and throws `ZodError` at what is wrong or does not go together. */
export const vatConfig = fields.superRefine(({ arms, task, streams, brains }, { addIssue }) => {
  const fault = (field: keyof VatConfig, message: string) =>
    addIssue({ code: "custom", path: [field], message });
  for (const arm of ["yoked", "frozen"] as const)
    if (arms.includes(arm) && !arms.slice(0, arms.indexOf(arm)).includes("descent"))
      fault("arms", `${arm} replays the descent's pulses: expected descent before it`);
  const least = leastBrainsOf(task);
  if (brains < least)
    fault("brains", `expected at least ${least} brains for the task ${task}, got ${brains}`);
  if (arms.includes("unconnected") && brains === 1)
    fault(
      "arms",
      "unconnected is the twin in which brains hear nothing of each other: expected several, got 1",
    );
  if (arms.includes("feedback") && !isGame(task))
    fault(
      "arms",
      `feedback is the published feedback on hits and misses: expected the task ${gameNames().join(" or ")}, got ${task}`,
    );
  if (task === "signals" && streams.length === 0)
    fault("streams", "expected at least one series for the task signals, got none");
  if (task === "signals" && streams.length > brains)
    fault("brains", `expected a brain for each of ${streams.length} streams, got ${brains}`);
});

/** Of a run that is only looked at: the task may be of a file of its own, and not known here. */
export const savedVatConfig = fields.extend({ task: z.string() });

export type VatConfig = z.infer<typeof fields>;

/** A small vat: a minute or two. */
export const QUICK_VAT = {
  brains: 8,
  seeds: 1,
  cycles: 1,
  presentations: 150,
  probeTrials: 100,
  babbleTrials: 200,
  neurons: 400,
  arms: ["descent", "unconnected", "random", "sham"],
} satisfies Partial<VatConfig>;

/** The arms that a task has. */
export function armsOfTask(task: string): VatArm[] {
  return VAT_ARMS.filter((arm) => arm !== "feedback" || isGame(task));
}

/** The arms of a vat when none are named: those that fit so many brains, and one where dishes cannot be put back. */
export function defaultArms({
  task,
  brains = BRAINS,
  dishes = [],
}: Pick<VatConfig, "task"> & Partial<Pick<VatConfig, "brains" | "dishes">>): VatArm[] {
  if (dishes.length > 0) return ["descent"];
  return armsOfTask(task).filter((arm) => arm !== "unconnected" || brains > 1);
}
