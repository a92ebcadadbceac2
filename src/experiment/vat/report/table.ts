/** A vat's report on a terminal. */
import { type Cell, columns, type Paint, PLAIN } from "../../../report/columns.ts";
import { questionRows } from "./questions.ts";
import { METRICS, type Metric, type Scores, type VatReport } from "./report.ts";
import { armLabel, cell, verdictLines } from "./words.ts";

const SHOWN: readonly Metric[] = [
  "joint",
  "majority",
  "bestBrain",
  "meanBrain",
  "bits",
  "hitsPerRally",
  "longRallies",
];

export function vatTable(report: VatReport, paint: Paint = PLAIN): string {
  const shown = SHOWN.filter((metric) => Object.values(report.arms).some(({ after }) => after[metric]));
  const heads: Cell[] = ["", ...shown.map((metric) => METRICS[metric].label)].map((text) => ({
    text,
    paint: paint.dim,
  }));
  const row = (label: string, scores: Scores, own: boolean): Cell[] =>
    [label, ...shown.map((metric) => cell(scores, metric))].map((text) =>
      own ? { text, paint: paint.bold } : { text },
    );
  const rows = Object.entries(report.arms).map(([name, { after }]) =>
    row(armLabel(name), after, name === "descent"),
  );
  const before = report.arms.descent ? [row("before training", report.arms.descent.before, false)] : [];
  const opponents = Object.entries(report.opponents).map(([name, scores]) =>
    row(armLabel(name), scores, false),
  );
  const streams = questionRows(report.questions ?? []).map((texts, i) =>
    texts.map((text): Cell => (i === 0 ? { text, paint: paint.dim } : { text })),
  );
  return [
    columns([heads, ...rows, ...before, ...opponents]),
    "",
    ...(streams.length > 0 ? [columns(streams), ""] : []),
    ...verdictLines(report),
  ].join("\n");
}
