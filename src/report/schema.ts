/**
 * report.json: what an organoid experiment found, as plain data. `src/experiment` fills it, everything in this room
 * draws from it. The file outlives the program, so its shape is checked when it is read.
 *
 * Every score is kept per seed; intervals are 95 % over seeds (math/interval.ts). JSON knows no infinity and no
 * NaN: where a number does not exist it is null.
 */
import { z } from "zod";
import { figures } from "./schema-figures.ts";

/** Raised whenever a report of the old shape could no longer be drawn. */
export const REPORT_FORMAT = 1;

const finite = z.number();

/** A mean over seeds. */
const interval = z.object({
  mean: finite,
  ci95: z.tuple([finite, finite]).readonly(),
  perSeed: z.array(finite).readonly(),
});

/** What a prediction of x_{t+1} is worth. */
const score = z.object({
  /** Mean negative log-likelihood of the true class, in nats. */
  nllNats: interval,
  /** Share of right classes. */
  accuracy: interval,
  /** Root mean squared error over the series' standard deviation; null for symbols, which have no distance. */
  nrmse: interval.nullable(),
});

/** The culture's own score. */
const probe = score.extend({
  /** Accuracy of the prediction-zone group with most spikes: a reading that no model takes part in. */
  handAccuracy: interval.nullable(),
});

/** One number over time: `mean`, `lo`, `hi` by point, `perSeed` by seed and point. */
const curve = z.object({
  mean: z.array(finite),
  lo: z.array(finite),
  hi: z.array(finite),
  perSeed: z.array(z.array(finite)),
});

const presentations = z.array(z.int().min(0));

const learningCurve = z.object({ presentations, accuracy: curve });

/** Descent minus a control, paired by seed. */
const effect = z.object({
  metric: z.enum(["accuracy", "nllNats", "nrmse"]),
  difference: finite,
  ci95: z.tuple([finite, finite]).readonly(),
  /** Cohen's d_z; null for fewer than two seeds, or where every seed has the same difference. */
  effectSize: finite.nullable(),
});

/** How near what was written came to what was meant. Null where the code has no such measure. */
const writeFidelity = z.object({
  presentations,
  curves: z.object({
    /** Share of writes on exactly the electrodes of the true class. */
    exact: curve.nullable(),
    /** Share of the true class's electrodes that were written to. */
    overlap: curve.nullable(),
    /** Correlation of the intended and the evoked state, over electrodes and bins. */
    correlation: curve.nullable(),
    /** Log density of the intended state under the emulator's prior, per latent, up to offset and scale. */
    logDensity: curve.nullable(),
  }),
  /** The last quarter of all writes. */
  final: z.object({
    exact: interval.nullable(),
    overlap: interval.nullable(),
    correlation: interval.nullable(),
    logDensity: interval.nullable(),
  }),
});

/** What remains after spontaneous activity with plasticity on. */
const retention = z.object({ spontaneousSeconds: finite, arms: z.record(z.string(), probe) });

const effort = z.object({
  presentations: finite,
  writePulses: finite,
  synapsesRead: finite,
  synapsesChanged: finite,
  totalChange: finite,
});

/** One way for classes to stand in the prediction zone, and everything measured with it. */
const codeReport = z.object({
  code: z.enum(["assigned", "free"]),
  arms: z.record(z.string(), z.object({ probe })),
  baselines: z.record(z.string(), score),
  effects: z.record(z.string(), effect),
  writeFidelity: writeFidelity.nullable(),
  curves: z.record(z.string(), learningCurve),
  retention: retention.nullable(),
  figures,
  /** What each arm asked of the tissue, mean over seeds; of methods other than the organoid cycle. */
  effort: z.record(z.string(), effort).optional(),
});

export const reportSchema = codeReport.extend({
  formatVersion: z.literal(REPORT_FORMAT),
  wetgradVersion: z.string(),
  config: z.record(z.string(), z.json()),
  task: z.object({
    name: z.string(),
    kind: z.enum(["series", "symbols"]),
    classes: z.int().min(2),
    lags: z.int().min(1),
    source: z.string(),
  }),
  /** The free code, when both were run. */
  free: codeReport.nullable(),
  /** Plain statements that the reader needs to judge the numbers: plasticity while probing, shortened series ... */
  notes: z.array(z.string()),
  timing: z.object({
    wallSeconds: finite,
    /** Seconds by stage, summed over workers. */
    stages: z.record(z.string(), finite),
    peakMemoryMb: finite,
  }),
});

export type Score = z.infer<typeof score>;
export type ProbeScore = z.infer<typeof probe>;
export type Curve = z.infer<typeof curve>;
export type LearningCurve = z.infer<typeof learningCurve>;
export type Effect = z.infer<typeof effect>;
export type WriteFidelity = z.infer<typeof writeFidelity>;
export type CodeReport = z.infer<typeof codeReport>;
export type Report = z.infer<typeof reportSchema>;
