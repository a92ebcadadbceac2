/** The comparison of methods as text. */
import { type Cell, columns, type Paint } from "../columns.ts";
import { fixed, percent, withInterval } from "../format.ts";
import { labelOf } from "../names.ts";
import type { MethodResult, MethodsReport, SeriesComparison } from "./schema.ts";

const CONTROLS_LEFT_OUT = ["descent", "hand", "signed-hand", "always", "teacher", "positive"];

/** The best control of a method, by the mean of what the bridge reads. */
export function bestControl({ arms }: MethodResult): string | undefined {
  return Object.keys(arms)
    .filter((name) => !CONTROLS_LEFT_OUT.includes(name))
    .sort((a, b) => arms[b].accuracy.mean - arms[a].accuracy.mean)[0];
}

export const HEADINGS = [
  "method",
  "right %",
  "by electrode counts %",
  "best control",
  "presentations",
  "pulses",
  "synapses",
  "needs",
];

/** A method's row, in the order of `HEADINGS`. */
export function methodRow(result: MethodResult): string[] {
  const ours = result.arms["descent"];
  const control = bestControl(result);
  return [
    result.method,
    withInterval(ours.accuracy, percent),
    ours.countAccuracy ? withInterval(ours.countAccuracy, percent) : "-",
    control ? `${labelOf(control)} ${withInterval(result.arms[control].accuracy, percent)}` : "-",
    fixed(result.presentations, 0),
    fixed(result.writePulses, 0),
    fixed(result.synapsesChanged, 0),
    result.access,
  ];
}

export function methodsTable(report: MethodsReport, paint: Paint): string {
  const parts = report.series.flatMap((series) => [
    `${series.name}: right next class of the culture alone (${series.classes} classes, mean and 95 % interval over seeds)`,
    "",
    columns([HEADINGS.map((text) => ({ text })), ...series.methods.map((each) => methodRow(each).map(cell))]),
    "",
    ...baselines(series),
    ...budgets(series),
  ]);
  return [...parts, ...report.notes.map((note) => paint.dim(note))].join("\n");
}

const cell = (text: string): Cell => ({ text });

function baselines({ baselines }: SeriesComparison): string[] {
  return Object.entries(baselines).map(
    ([name, accuracy]) => `  ${labelOf(name)}: ${withInterval(accuracy, percent)} %`,
  );
}

function budgets({ stepBudget }: SeriesComparison): string[] {
  if (stepBudget.length === 0) return [""];
  return [
    "",
    ...stepBudget.map(
      ({ budget, accuracy, countAccuracy }) =>
        `  incremental, at most ${percent(budget)} % of the strongest synapse a cycle: ${withInterval(accuracy, percent)} %${countAccuracy ? `, by electrode counts ${withInterval(countAccuracy, percent)} %` : ""}`,
    ),
    "",
  ];
}
