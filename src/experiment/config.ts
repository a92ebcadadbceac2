/** What an organoid experiment is: every number that its result depends on. */
import { z } from "zod";
import { stimulationLimitsSchema } from "../device/gate/limits.ts";

export const ARMS = ["descent", "teacher", "yoked", "random", "frozen", "sham"] as const;
/** Arms of single methods (methods/arms.ts). */
export const OTHER_ARMS = ["positive"] as const;
export type Arm = (typeof ARMS)[number] | (typeof OTHER_ARMS)[number];

/** The ways to descend, by what access to the tissue they need; `stimulate` is the organoid cycle. */
export const METHODS = ["stimulate", "direct", "incremental", "forward-forward", "reward"] as const;
export type Method = (typeof METHODS)[number];

/** How classes stand in the prediction zone: a hand-made group of electrodes each, or states found by babbling. */
export const CODES = ["assigned", "free"] as const;
export type Code = (typeof CODES)[number];

export const organoidConfig = z.strictObject({
  /** A built-in series' name, or a CSV file's path. */
  series: z.string().default("laser"),
  /** Column of the CSV file: its name or number. */
  column: z.string().optional(),
  seeds: z.int().min(1).max(1000).default(8),
  /** The first seed; seed i of the run is firstSeed + i. */
  firstSeed: z.int().min(0).default(1),
  arms: z
    .array(z.enum([...ARMS, ...OTHER_ARMS]))
    .min(1)
    .default([...ARMS]),
  codes: z
    .array(z.enum(CODES))
    .min(1)
    .default([...CODES]),
  /** Cycles of record, fit, descend, write, probe. */
  cycles: z.int().min(1).max(1000).default(4),
  /** Presentations of a datum in each cycle. */
  presentations: z.int().min(16).max(100_000).default(200),
  /** Held-out presentations in each probe. */
  probeTrials: z.int().min(16).max(10_000).default(200),
  babbleTrials: z.int().min(200).max(100_000).default(2000),
  preset: z.enum(["default", "quiet"]).default("default"),
  /** Days in vitro of the culture. */
  div: z.number().min(7).max(35).default(21),
  neurons: z.int().min(101).max(20_000).default(1000),
  /** Spontaneous activity with plasticity on, between the last probe and the retention probe (seconds; 0: none). */
  retentionSeconds: z.number().min(0).max(86_400).default(600),
  /** Safety limits of stimulation; the gate's own defaults if not given. */
  limits: stimulationLimitsSchema.optional(),
  /** How to descend; `stimulate` if not given. */
  method: z.enum(METHODS).optional(),
  /** Method `incremental`: how far a synapse may be moved in a cycle, as a share of the strongest of its kind. */
  stepBudget: z.number().gt(0).max(1).optional(),
  device: z.enum(["cpu", "webgpu", "cuda", "jaxjs"]).default("cpu"),
});

export type OrganoidConfig = z.infer<typeof organoidConfig>;

/** `--quick`: two seeds, three arms, one code, half the cycles. */
export const QUICK = {
  seeds: 2,
  arms: ["descent", "random", "sham"],
  codes: ["assigned"],
  cycles: 2,
  retentionSeconds: 0,
} satisfies Partial<OrganoidConfig>;
