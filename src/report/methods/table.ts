/** The comparison of methods as text. */
import { type Cell, columns, type Paint } from "../columns.ts";
import { fixed, percent, withInterval } from "../format.ts";
import { GROUPS, labelOf } from "../names.ts";
import { groupIn, nearest } from "../verdict/claim.ts";
import { groupLine, marginOf, markOf, methodLine, rivalLabel } from "../verdict/margins.ts";
import type { MethodResult, MethodsReport, SeriesComparison } from "./schema.ts";

export const HEADINGS = [
  "method",
  "right %",
  "by electrode counts %",
  "nearest control, by",
  "presentations",
  "pulses",
  "synapses",
  "needs",
];

/** A method's row, in the order of `HEADINGS`. */
export function methodRow(result: MethodResult): string[] {
  const ours = result.arms["descent"];
  const { claim } = result;
  const control = nearest(claim, groupIn(claim, "control"));
  return [
    result.method,
    withInterval(ours.accuracy, percent),
    ours.countAccuracy ? withInterval(ours.countAccuracy, percent) : "-",
    control ? `${markOf(control)} ${rivalLabel(control)} ${marginOf(claim, control)}` : "-",
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
    ...series.methods.flatMap(({ method, claim }) =>
      GROUPS.map((group) => groupLine(claim, group, false)).flatMap((line) =>
        line ? [`  ${method}: ${line}`] : [],
      ),
    ),
    "",
    ...baselines(series),
    ...budgets(series),
  ]);
  return [
    ...parts,
    paint.dim(methodLine(report.verdict)),
    ...report.notes.map((note) => paint.dim(note)),
  ].join("\n");
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
