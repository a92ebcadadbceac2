/** What a vat experiment is: every number that its result depends on. */
import { z } from "zod";

export const VAT_TASKS = ["peers", "pong", "signals"] as const;

/**
 * `descent`: the connected vat. `unconnected`: its twin, the same brains and seeds, each foretold from itself alone, and
 * nothing coming from one to another. `teacher`, `yoked`, `random`, `frozen`, `sham`: as in the organoid cycle.
 * `feedback`: the published feedback of the dish, in pong only.
 */
export const VAT_ARMS = [
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

const fields = z.strictObject({
  task: z.enum(VAT_TASKS),
  brains: z.int().min(1).max(10_000).default(16),
  seeds: z.int().min(1).max(1000).default(4),
  firstSeed: z.int().min(0).default(1),
  arms: z.array(z.enum(VAT_ARMS)).min(1),
  /** Cycles of train and probe. */
  cycles: z.int().min(1).max(1000).default(2),
  /** Steps (100 ms) of training in each cycle. */
  presentations: z.int().min(16).max(100_000).default(200),
  /** Steps of each probe. */
  probeTrials: z.int().min(30).max(100_000).default(150),
  babbleTrials: z.int().min(50).max(100_000).default(400),
  /** Steps of the first fit of the autoencoder; dynamics and reading take four fifths of it, later fits a fifth. */
  fitSteps: z.int().min(1).max(100_000).default(500),
  neurons: z.int().min(101).max(20_000).default(1000),
  preset: z.enum(["default", "quiet"]).default("quiet"),
  div: z.number().min(7).max(35).default(21),
  /** Of signals: series by name, files, or FILE:COLUMN. */
  streams: z.array(z.string()).default([]),
  /** Keep every spike and pulse of every brain, in recording.nwb. */
  record: z.boolean().default(false),
  /** Hosts of the first brains, where those are dishes. */
  dishes: z.array(z.string()).min(1).optional(),
});

export const vatConfig = fields.superRefine(({ arms, task, streams, brains }, { addIssue }) => {
  const fault = (field: keyof VatConfig, message: string) =>
    addIssue({ code: "custom", path: [field], message });
  for (const arm of ["yoked", "frozen"] as const)
    if (arms.includes(arm) && !arms.slice(0, arms.indexOf(arm)).includes("descent"))
      fault("arms", `${arm} replays the descent's pulses: expected descent before it`);
  if (arms.includes("feedback") && task !== "pong")
    fault(
      "arms",
      `feedback is the published feedback on hits and misses: expected the task pong, got ${task}`,
    );
  if (task === "signals" && streams.length === 0)
    fault("streams", "expected at least one series for the task signals, got none");
  if (task === "signals" && streams.length > brains)
    fault("brains", `expected a brain for each of ${streams.length} streams, got ${brains}`);
});

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

/** The arms that a task has when none are named. */
export function defaultArms(task: VatConfig["task"]): VatArm[] {
  return VAT_ARMS.filter((arm) => arm !== "feedback" || task === "pong");
}
