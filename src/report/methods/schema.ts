/** report.json of `wetgrad compare-methods`: the ways to descend, beside each other. */
import { z } from "zod";
import { interval } from "../schema/interval.ts";
import { claim, verdict } from "../schema/verdict.ts";

export const METHODS_REPORT_FORMAT = 2;

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
  /** Its own arm beside its controls, what needs no tissue, and what more access reaches; by accuracy. */
  claim,
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
  /** What needs no culture that was taught, as the first method's run has it. */
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
  /** Seeds of each method, and how many comparisons all claims make together. */
  verdict: verdict.pick({ seeds: true, comparisons: true }),
  series: z.array(series),
  notes: z.array(z.string()),
});

export type MethodsReport = z.infer<typeof methodsReportSchema>;
export type SeriesComparison = z.infer<typeof series>;
export type MethodResult = z.infer<typeof method>;
