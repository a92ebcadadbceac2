/** What an experiment over dishes and days found: report.json of `wetgrad experiment merge PLAN`. */
import { z } from "zod";
import { finite } from "../schema/interval.ts";

const range = z.tuple([finite, finite]).readonly();

/** Of a session, shares. Null where it was not measured. */
const measured = z.object({
  before: finite,
  after: finite,
  gain: finite,
  /** What is left of the gain after the culture was left alone. */
  retained: finite.nullable(),
});

export const designReport = z.object({
  formatVersion: z.literal(1),
  kind: z.literal("design"),
  wetgradVersion: z.string(),
  name: z.string(),
  planSha256: z.string(),
  task: z.string(),
  chance: finite,
  /** Arms are letters, and nothing is compared yet. */
  isBlind: z.boolean(),
  /** Absent while blind. */
  control: z.string().optional(),
  arms: z.array(z.string()),
  sessions: z.array(
    z.object({
      number: z.int(),
      dish: z.string(),
      day: z.int(),
      arm: z.string(),
      /** Why it does not count. */
      excluded: z.string().optional(),
      measured: measured.optional(),
    }),
  ),
  /** By what is measured. */
  measures: z.record(
    z.string(),
    z.object({
      arms: z.record(z.string(), z.object({ mean: finite, ci95: range, sessions: z.int() })),
      /** Every arm minus the control; p after Holm's correction over all of the report. */
      differences: z.record(
        z.string(),
        z.object({ mean: finite, ci95: range, degrees: finite, p: finite, correctedP: finite }),
      ),
      /** Standard deviations. */
      scatter: z.object({ groups: z.array(finite), session: finite }),
    }),
  ),
  notes: z.array(z.string()),
});

export type DesignReport = z.infer<typeof designReport>;
export type Measured = z.infer<typeof measured>;

export const MEASURES = ["gain", "after", "retained"] as const;
export const MEASURE_LABELS: Readonly<Record<(typeof MEASURES)[number], string>> = {
  gain: "gain by training",
  after: "right after training",
  retained: "gain left after rest",
};
