/** The parts of report.json for many cultures that decide together, and for a game that they play. */
import { z } from "zod";
import { METRICS, type Metric } from "../vat/metrics.ts";
import { finite, holding, interval } from "./interval.ts";

const metric = z.enum(Object.keys(METRICS) as [Metric, ...Metric[]]);

/** Those measures that the task has. */
const scores = z.partialRecord(metric, interval);

const arm = z.object({
  before: scores,
  after: scores,
  /** After each cycle, the first being before any: of the task's main metric. */
  curve: z.array(interval),
  /** Accuracy with so many brains left to decide. */
  ablation: z.array(z.object({ brains: z.int().min(1), accuracy: interval })),
  /** In training: pulses that reached the tissue, and those that its gates refused. */
  pulses: z.int().min(0),
  refused: z.int().min(0),
});

/** A question, and how the brains that know of it decide it: all together, their majority, the best of them. */
const question = z.object({
  name: z.string(),
  /** How many brains know of it. */
  brains: z.int().min(1),
  /** Accuracy, mean over the seeds' stretches. */
  baselines: z.record(z.string(), finite),
  /** After training. */
  arms: z.record(z.string(), z.object({ joint: interval, majority: interval, bestBrain: interval })),
});

export const vat = z.object({
  brains: z.int().min(1),
  neurons: z.int().min(1),
  /** Presentations of training in each cycle. */
  presentations: z.int().min(1),
  /** What the task is judged by, the first before all. */
  mainMetrics: z.array(metric).min(1),
  arms: z.record(z.string(), arm),
  /** Accuracy of predictions that need no brain, mean over questions; of tasks whose series is known ahead. */
  baselines: z.record(z.string(), interval).optional(),
  /** What the synapses held, mean over brains: `before`, and after each arm; absent where they cannot be read. */
  synapses: z.record(z.string(), holding).optional(),
  /** Where there are several, or predictions that need no brain to set beside one. */
  questions: z.array(question).optional(),
  /** Of the first seed's descent: accuracy of each brain, and what the vat loses without it. */
  carries: z.object({ accuracy: z.array(finite), loss: z.array(finite) }).optional(),
  /** Of descent, mean over brains and seeds, by presentation of training. */
  descent: z.object({ crossEntropy: z.array(finite), overlap: z.array(finite) }).optional(),
});

export const game = z.object({
  /** Hits per rally by arm: in the first quarter of the training game and in the rest. */
  training: z.record(z.string(), z.object({ first: interval, rest: interval })),
  /** A life of the first seed's descent, frame by frame: PNG in base64. */
  film: z
    .array(z.object({ seconds: finite, scored: z.int().min(0), move: z.string(), png: z.base64() }))
    .optional(),
  /** Other players of the same game with as many samples, by name. */
  opponents: z.record(z.string(), scores),
});

export type Scores = z.infer<typeof scores>;
export type VatArmReport = z.infer<typeof arm>;
export type QuestionReport = z.infer<typeof question>;
export type VatPart = z.infer<typeof vat>;
export type GamePart = z.infer<typeof game>;
