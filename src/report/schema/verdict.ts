/** The part of report.json that judges: the trained tissue beside everything that it is compared with, measure by measure. */
import { z } from "zod";
import { GROUPS } from "../names.ts";
import { finite, interval } from "./interval.ts";

/**
 * Of a rival, against the trained tissue: a paired difference that is significant after Holm's correction, the tissue being better
 * (`beaten`) or worse (`better`), or not significant (`open`). With one seed nothing is significant.
 */
const standing = z.enum(["beaten", "open", "better"]);

const rival = z.object({
  /** An arm, a baseline, another player; of a vat also `before` training and other ways to decide. */
  name: z.string(),
  group: z.enum(GROUPS),
  mean: finite,
  /** Of the rival by itself. */
  ci95: z.tuple([finite, finite]).readonly(),
  /** The trained tissue minus this one, paired by seed. */
  difference: z.object({
    mean: finite,
    /** Student's t; of one seed, the difference twice. */
    ci95: z.tuple([finite, finite]).readonly(),
    perSeed: z.array(finite).readonly(),
    /** Cohen's d_z; null for fewer than two seeds, or where every seed has the same difference. */
    effectSize: finite.nullable(),
  }),
  /** Of no difference, two-sided: by itself, and after Holm's correction for `comparisons`. Null for fewer than two seeds. */
  p: finite.nullable(),
  correctedP: finite.nullable(),
  standing,
});

export const claim = z.object({
  /** Of a series: the code that it is measured with. */
  code: z.enum(["assigned", "free"]).optional(),
  metric: z.string(),
  isLowerBetter: z.boolean(),
  /** The trained tissue. */
  ours: interval,
  rivals: z.array(rival),
});

/** Of one code of a series. */
const learning = z.object({
  code: z.enum(["assigned", "free"]),
  /** Every tissue control was run and is beaten in accuracy, over two seeds or more. */
  learned: z.boolean(),
  /** Which of them were not run, so that the claim stays open. */
  missing: z.array(z.string()),
  /** What descent gains over sham as a share of what the teacher gains, by accuracy; absent where there is no such gain. */
  teacherShare: finite.optional(),
});

export const verdict = z.object({
  seeds: z.int().min(1),
  /** How many rivals all claims have together: what p values are corrected for. */
  comparisons: z.int().min(0),
  /** None where descent was not run. */
  claims: z.array(claim),
  /** Of a series: whether the culture learned, by code. */
  learning: z.array(learning).optional(),
});

export type Rival = z.infer<typeof rival>;
export type Claim = z.infer<typeof claim>;
export type Learning = z.infer<typeof learning>;
export type Verdict = z.infer<typeof verdict>;
export type Standing = z.infer<typeof standing>;
