/** What a vat's report says in words: its numbers, and its verdict. */
import { mean } from "../../math/statistics.ts";
import { fixed, percent, withInterval } from "../format.ts";
import { GROUPS } from "../names.ts";
import { type Held, synapsesLine } from "../page/synapses.ts";
import type { Scores } from "../schema/vat.ts";
import type { Claim } from "../schema/verdict.ts";
import type { VatReport } from "../schema.ts";
import { groupLine, methodLine } from "../verdict/margins.ts";
import { isCount, METRICS, type Metric } from "./metrics.ts";

export function show(metric: Metric, value: number): string {
  return METRICS[metric].percent ? percent(value) : fixed(value, isCount(metric) ? 2 : 4);
}

export function cell(scores: Scores, metric: Metric): string {
  const value = scores[metric];
  return value ? withInterval(value, (x) => show(metric, x)) : "–";
}

/** Of each main metric: what descent beats, where the difference is not significant and what is better, by how much; and its emulator. */
export function verdictLines(report: VatReport): string[] {
  const { verdict } = report;
  const verdicts = verdict.claims.flatMap((claim) => [
    claimHead(report, claim),
    ...GROUPS.map((group) => groupLine(claim, group)).filter((line) => line !== ""),
  ]);
  const method = verdict.seeds > 1 && verdict.comparisons > 0 ? [methodLine(verdict)] : [];
  const held = synapsesLine(heldOf(report));
  return [...verdicts, ...method, ...(held ? [held] : []), ...emulatorLine(report)];
}

/** What the synapses held, and what a brain by itself said. */
export function heldOf({ vat: { synapses, arms } }: VatReport): Held {
  return {
    holdings: synapses,
    says: {
      ...Object.fromEntries(Object.entries(arms).map(([name, { after }]) => [name, after.meanBrain])),
      before: arms["descent"]?.before.meanBrain,
    },
  };
}

/** What was measured. */
export function claimHead({ verdict, vat }: VatReport, claim: Claim): string {
  const metric = claim.metric as Metric;
  const head = `${METRICS[metric].label}, ${vat.brains} brains: ${withInterval(claim.ours, (x) => show(metric, x))}`;
  return verdict.seeds < 2 ? `${head}; one seed has no interval, so nothing is claimed` : head;
}

/** Whether the emulator knew what it wrote: of the last quarter of the training. */
export function emulatorLine({ vat: { descent }, task }: VatReport): string[] {
  if (!descent || descent.overlap.length === 0) return [];
  const late = (values: readonly number[]) => mean(values.slice(Math.floor((3 * values.length) / 4)));
  const nats = fixed(late(descent.crossEntropy), 2);
  const nothing = fixed(Math.log(task.classes), 2);
  return [
    `joint emulator, last quarter of the training: ${nats} nats where knowing nothing costs ${nothing}; ${percent(late(descent.overlap))} % of the electrodes that it wrote to were the right class's`,
  ];
}
