/** A vat's report on a terminal. */
import { type Cell, columns, type Paint } from "../columns.ts";
import { labelOf } from "../names.ts";
import type { Scores } from "../schema/vat.ts";
import type { VatReport } from "../schema.ts";
import { METRICS, type Metric } from "./metrics.ts";
import { questionRows } from "./questions.ts";
import { cell, verdictLines } from "./words.ts";

const SHOWN: readonly Metric[] = [
  "joint",
  "majority",
  "bestBrain",
  "meanBrain",
  "bits",
  "counts",
  "hitsPerRally",
  "killsPerLife",
  "itemsPerLife",
  "lifeSeconds",
  "longRallies",
];

export function vatTable(report: VatReport, paint: Paint): string {
  const { vat, game } = report;
  const shown = SHOWN.filter((metric) => Object.values(vat.arms).some(({ after }) => after[metric]));
  const heads: Cell[] = ["", ...shown.map((metric) => METRICS[metric].label)].map((text) => ({
    text,
    paint: paint.dim,
  }));
  const row = (label: string, scores: Scores, own: boolean): Cell[] =>
    [label, ...shown.map((metric) => cell(scores, metric))].map((text) =>
      own ? { text, paint: paint.bold } : { text },
    );
  const rows = Object.entries(vat.arms).map(([name, { after }]) =>
    row(labelOf(name, report), after, name === "descent"),
  );
  const { descent } = vat.arms;
  const before = descent ? [row("before training", descent.before, false)] : [];
  const opponents = Object.entries(game?.opponents ?? {}).map(([name, scores]) =>
    row(labelOf(name, report), scores, false),
  );
  const streams = questionRows(report).map((texts, i) =>
    texts.map((text): Cell => (i === 0 ? { text, paint: paint.dim } : { text })),
  );
  return [
    columns([heads, ...rows, ...before, ...opponents]),
    "",
    ...(streams.length > 0 ? [columns(streams), ""] : []),
    ...verdictLines(report),
  ].join("\n");
}
