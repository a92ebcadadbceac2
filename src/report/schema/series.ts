/** The part of report.json for one culture on a series: what it predicts with each code, and how it learned to. */
import { z } from "zod";
import { figures } from "./figures.ts";
import { finite, holding, interval } from "./interval.ts";

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
  countAccuracy: interval.nullable(),
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

/** How near the writes were to what was meant. Null where the code has no such measure. */
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
  /** Presentations with a write, where each datum is read first. */
  written: finite.optional(),
  synapsesRead: finite,
  synapsesChanged: finite,
  totalChange: finite,
});

/** Of all seeds: what a model of learning predicted, by how an electrode was written when its datum was shown last. */
const predictedChanges = z.object({
  /** Readings of an electrode whose datum had been read before. */
  changes: z.array(
    z.object({
      write: z.string(),
      count: z.int().min(0),
      /** Mean change of its spikes since then. */
      predicted: finite,
      measured: finite,
      /** Mean squared error of three predictions. */
      noChange: finite,
      meanChange: finite,
      model: finite,
    }),
  ),
  /** By presentations of training: shares of data read again that the model, before it saw the answer, and the tissue had right. */
  presentations,
  modelRight: curve,
  tissueRight: curve,
});

/** One way for classes to stand in the prediction zone, and everything measured with it. */
export const codeReport = z.object({
  code: z.enum(["assigned", "free"]),
  arms: z.record(z.string(), z.object({ probe })),
  baselines: z.record(z.string(), score),
  /** What the synapses held: `before`, after each arm, `scrambled`, `retention`; absent where they cannot be read. */
  synapses: z.record(z.string(), holding).optional(),
  writeFidelity: writeFidelity.nullable(),
  curves: z.record(z.string(), learningCurve),
  retention: retention.nullable(),
  figures,
  /** What each arm asked of the tissue, mean over seeds; of methods other than the organoid cycle. */
  effort: z.record(z.string(), effort).optional(),
  predictedChanges: predictedChanges.optional(),
});

export type Score = z.infer<typeof score>;
export type ProbeScore = z.infer<typeof probe>;
export type Curve = z.infer<typeof curve>;
export type WriteFidelity = z.infer<typeof writeFidelity>;
export type ReportedPredictedChanges = z.infer<typeof predictedChanges>;
export type CodeReport = z.infer<typeof codeReport>;
