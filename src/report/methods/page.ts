/** The comparison of methods as one self-contained HTML page, and its two files. */

import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { ReportError } from "../error.ts";
import { type ReportPaths, reportPaths } from "../files.ts";
import { percent, withInterval } from "../format.ts";
import { labelOf } from "../names.ts";
import { bullets, figure, section, twoWidths } from "../page/markup.ts";
import { page } from "../page/page.ts";
import { colourClass } from "../page/style.ts";
import { type DotRow, dotPlot } from "../plot/dots.ts";
import { FOREST_CAPTION, forestPlot } from "../plot/forest.ts";
import { linePlot } from "../plot/lines.ts";
import { escapeText } from "../plot/svg.ts";
import { methodLine } from "../verdict/margins.ts";
import { type MethodsReport, methodsReportSchema, type SeriesComparison } from "./schema.ts";
import { HEADINGS, methodRow } from "./table.ts";

/** Checks `report` and writes both files, each whole or not at all. */
export function writeMethodsReport(folder: string, report: MethodsReport): ReportPaths {
  const parsed = methodsReportSchema.safeParse(report);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new ReportError(`this comparison: ${path.join(".")}: ${message}`);
  }
  const paths = reportPaths(folder);
  makeFolder(folder);
  writeWhole(paths.json, `${JSON.stringify(parsed.data)}\n`);
  writeWhole(paths.html, renderMethodsReport(parsed.data));
  return paths;
}

export function renderMethodsReport(report: MethodsReport): string {
  const body = [
    `<header><p class="kicker">wetgrad compare-methods · ${escapeText(report.series.map(({ name }) => name).join(", "))}</p><h1>What each level of access to the tissue buys</h1></header>`,
    ...report.series.map(seriesSection),
    section(
      "notes",
      "What to keep in mind",
      "",
      bullets([methodLine(report.verdict), ...report.notes], "caveats"),
    ),
    `<footer>Intervals are 95 % bootstrap intervals over seeds. wetgrad ${escapeText(report.wetgradVersion)}</footer>`,
  ];
  return page("wetgrad compare-methods", body.join("\n"));
}

function seriesSection(series: SeriesComparison): string {
  const row = (
    label: string,
    name: string,
    accuracy: DotRow & { ci95: readonly [number, number] },
  ): DotRow => ({
    ...accuracy,
    label,
    class: colourClass(name),
  });
  const groups = series.methods.map(({ method, arms }) => ({
    heading: method,
    rows: Object.entries(arms).map(([name, { accuracy }]) =>
      row(labelOf(name), name, {
        ...accuracy,
        label: "",
        class: "",
        title: `${method}, ${labelOf(name)}: ${withInterval(accuracy, percent)} %`,
      }),
    ),
  }));
  const baselines = Object.entries(series.baselines).map(([name, accuracy]) =>
    row(labelOf(name), name, {
      ...accuracy,
      label: "",
      class: "",
      title: `${labelOf(name)}: ${withInterval(accuracy, percent)} %`,
    }),
  );
  const dots = dotPlot({
    title: `Accuracy of every method and its controls on ${series.name}`,
    description: "",
    groups: [...groups, { heading: "baselines", rows: baselines }],
    width: 640,
    labelWidth: 140,
    xLabel: `right class out of ${series.classes} (%)`,
    xDomain: [0, 1],
    xFormat: (value) => percent(value, 0),
  });
  const forests = series.methods
    .map(({ method, claim }) => {
      const drawing = twoWidths((width) => forestPlot(claim, method, width), 480, 400);
      return figure(drawing, `<b>${escapeText(method)}.</b> ${FOREST_CAPTION}`);
    })
    .join("");
  const head = HEADINGS.map((name) => `<th scope="col">${name}</th>`).join("");
  const rows = series.methods.map((each) => {
    const [name, ...cells] = methodRow(each);
    const needs = cells.pop()!;
    return `<tr><th scope="row">${escapeText(name)}</th>${cells.map((cell) => `<td>${escapeText(cell)}</td>`).join("")}<td class="why">${escapeText(needs)}</td></tr>`;
  });
  const table = `<figure><div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div><figcaption>Presentations, pulses and synapses changed are those of a culture's whole training.</figcaption></figure>`;
  return section(
    `series-${series.name}`,
    series.name,
    "Held-out data, no writes; the bridge fitted on babbling reads the culture, and beside it the class whose electrodes count most.",
    table +
      figure(dots, "Dots are means over seeds, bars 95 % intervals, ticks single seeds.") +
      `<div class="pair">${forests}</div>` +
      budgetFigure(series),
  );
}

function budgetFigure({ stepBudget, classes, name }: SeriesComparison): string {
  if (stepBudget.length < 2) return "";
  const x = stepBudget.map(({ budget }) => Math.log10(100 * budget));
  const lineOf = (
    label: string,
    style: string,
    pick: (
      each: SeriesComparison["stepBudget"][number],
    ) => SeriesComparison["stepBudget"][number]["accuracy"],
  ) => ({
    label,
    class: style,
    x,
    mean: stepBudget.map((each) => pick(each).mean),
    lo: stepBudget.map((each) => pick(each).ci95[0]),
    hi: stepBudget.map((each) => pick(each).ci95[1]),
  });
  const drawing = linePlot({
    title: `Accuracy by step budget on ${name}`,
    description: stepBudget
      .map(({ budget, accuracy }) => `${percent(budget)} %: ${percent(accuracy.mean)} %`)
      .join("; "),
    width: 560,
    height: 320,
    xLabel: "log10 of the most a synapse may move in a cycle (% of the strongest)",
    yLabel: "right class (%)",
    yFormat: (value) => percent(value, 0),
    yDomain: [0, 1],
    lines: [
      lineOf("as the bridge reads", "descent", ({ accuracy }) => accuracy),
      ...(stepBudget.every(({ countAccuracy }) => countAccuracy)
        ? [
            lineOf(
              "by electrode counts",
              "teacher",
              ({ accuracy, countAccuracy }) => countAccuracy ?? accuracy,
            ),
          ]
        : []),
    ],
    references: [{ label: "chance", y: 1 / classes }],
  });
  return figure(drawing, "Method incremental: how small may the steps be?");
}
