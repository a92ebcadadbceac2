/** report.json of `wetgrad compare-methods`: the ways to descend, beside each other. */
import { z } from "zod";

export const METHODS_REPORT_FORMAT = 1;

const interval = z.object({
  mean: z.number(),
  ci95: z.tuple([z.number(), z.number()]).readonly(),
  perSeed: z.array(z.number()).readonly(),
});

const arm = z.object({
  /** Accuracy as the bridge reads the culture, and by the class whose electrodes count most. */
  accuracy: interval,
  countAccuracy: interval.nullable(),
});

const method = z.object({
  method: z.string(),
  /** What the method must be able to do to the tissue. */
  access: z.string(),
  /** The method's own arm (`descent`) and its controls. */
  arms: z.record(z.string(), arm),
  /** Of its own arm: data shown while training, pulses written beside them, synapses changed, mean over seeds. */
  presentations: z.number(),
  writePulses: z.number(),
  synapsesChanged: z.number(),
  totalChange: z.number(),
});

const series = z.object({
  name: z.string(),
  classes: z.int(),
  methods: z.array(method),
  /** The emulator alone, a readout of the untrained culture, naive Bayes, persistence ... */
  baselines: z.record(z.string(), interval),
  /** Method `incremental` by how far a synapse may move in a cycle. */
  stepBudget: z.array(
    z.object({ budget: z.number(), accuracy: interval, countAccuracy: interval.nullable() }),
  ),
});

export const methodsReportSchema = z.object({
  formatVersion: z.literal(METHODS_REPORT_FORMAT),
  wetgradVersion: z.string(),
  config: z.record(z.string(), z.json()),
  series: z.array(series),
  notes: z.array(z.string()),
});

export type MethodsReport = z.infer<typeof methodsReportSchema>;
export type SeriesComparison = z.infer<typeof series>;
export type MethodResult = z.infer<typeof method>;
