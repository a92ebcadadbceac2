/** The part of report.json that judges: the trained tissue beside everything that it is compared with, measure by measure. */
import { z } from "zod";
import { finite, interval } from "./interval.ts";

const rival = z.object({
  /** An arm, a baseline, another player; of a vat also `before` training and other ways to decide. */
  name: z.string(),
  mean: finite,
  ci95: z.tuple([finite, finite]).readonly(),
  /** The trained tissue minus this one, paired by seed. */
  difference: z.object({
    mean: finite,
    ci95: z.tuple([finite, finite]).readonly(),
    /** Cohen's d_z; null for fewer than two seeds, or where every seed has the same difference. */
    effectSize: finite.nullable(),
  }),
});

const claim = z.object({
  /** Of a series: the code that it is measured with. */
  code: z.enum(["assigned", "free"]).optional(),
  metric: z.string(),
  /** The trained tissue. */
  ours: interval,
  /** Intervals apart, the trained tissue better. The interval of one seed is its mean: nothing is claimed from it. */
  beaten: z.array(rival),
  /** Intervals overlap. */
  overlapping: z.array(rival),
  /** Intervals apart, the trained tissue worse. */
  better: z.array(rival),
});

/** Of one code of a series. */
const learning = z.object({
  code: z.enum(["assigned", "free"]),
  /** Every control, chance and persistence were run and are beaten in accuracy, over two seeds or more. */
  learned: z.boolean(),
  /** Which of them were not run, so that the claim stays open. */
  missing: z.array(z.string()),
  /** What descent gains over sham as a share of what the teacher gains, by accuracy; absent where there is no such gain. */
  teacherShare: finite.optional(),
});

export const verdict = z.object({
  seeds: z.int().min(1),
  /** None where descent was not run. */
  claims: z.array(claim),
  /** Of a series: whether the culture learned, by code. */
  learning: z.array(learning).optional(),
});

export type Rival = z.infer<typeof rival>;
export type Claim = z.infer<typeof claim>;
export type Learning = z.infer<typeof learning>;
export type Verdict = z.infer<typeof verdict>;
/** Of a rival, against the trained tissue. */
export type Standing = "beaten" | "overlapping" | "better";
