/** Who is how good: every arm and baseline as a dot with its interval, and as numbers. */
import { fixed, percent, withInterval } from "../format.ts";
import { GROUP_LABELS, GROUPS, groupOf, inOrder, labelOf, meaningOf } from "../names.ts";
import { figure, section } from "../page/markup.ts";
import { colourClass } from "../page/style.ts";
import { type DotRow, dotPlot } from "../plot/dots.ts";
import { escapeText } from "../plot/svg.ts";
import type { CodeReport, Score } from "../schema/series.ts";
import type { Report } from "../schema.ts";
import { scoresOf } from "../verdict/series.ts";

/** Every arm and baseline on one scale. */
export function accuracyPlot(report: Report, code: CodeReport): string {
  const scores = scoresOf(code);
  const rows = (names: string[]): DotRow[] =>
    names.map((name) => {
      const { mean, ci95, perSeed } = scores[name].accuracy;
      const label = labelOf(name, report);
      const title = `${label}: ${withInterval(scores[name].accuracy, percent)} % right; ${meaningOf(name, report)}`;
      return { label, class: colourClass(name), mean, ci95, perSeed, title };
    });
  const ours = code.arms["descent"]?.probe.accuracy;
  return dotPlot({
    title: "Accuracy of every arm and baseline",
    description: ours ? `Descent: ${withInterval(ours, percent)} % right.` : "",
    groups: grouped(scores).map(([heading, names]) => ({ heading, rows: rows(names) })),
    width: 470,
    labelWidth: 148,
    xLabel: `right class out of ${report.task.classes} (%)`,
    xDomain: [0, 1],
    xFormat: (value) => percent(value, 0),
    ...(ours ? { against: ours.ci95 } : {}),
  });
}

/** Descent, and after it everything else, group by group. */
function grouped(scores: Readonly<Record<string, Score>>): [heading: string, names: string[]][] {
  const names = inOrder(scores);
  return [
    ["the culture alone", names.filter((name) => name === "descent")],
    ...GROUPS.map((group): [string, string[]] => [
      GROUP_LABELS[group],
      names.filter((name) => name !== "descent" && groupOf(name) === group),
    ]),
  ];
}

export function scoresSection(report: Report, code: CodeReport): string {
  const plot = accuracyPlot(report, code);
  const caption =
    "Dots are means over seeds, bars 95 % intervals, faint ticks single seeds; the shaded strip is the interval of the culture trained by descent. Culture and forecaster are given the same stretch, so that they are compared by their differences above, not by these intervals.";
  const body = `<div class="pair scores">${figure(plot, caption)}${table(report, code)}</div>${meanings(report, inOrder(scoresOf(code)))}`;
  return section(
    `${code.code}-scores`,
    "What the culture alone predicts",
    "Probes are held-out presentations with no writes: the datum goes in, and what the culture answers is read from its own spikes.",
    body,
  );
}

function table(report: Report, code: CodeReport): string {
  const scores = scoresOf(code);
  const hasError = Object.values(scores).some(({ nrmse }) => nrmse);
  const hasCounts = Object.values(code.arms).some(({ probe }) => probe.countAccuracy);
  const columns = [
    "",
    "right (%)",
    "NLL (nats)",
    ...(hasError ? ["NRMSE"] : []),
    ...(hasCounts ? ["by electrode counts (%)"] : []),
  ];
  const row = (name: string) => {
    const score = scores[name];
    const cells = [cell(score.accuracy, percent), cell(score.nllNats, (x) => fixed(x, 2))];
    if (hasError) cells.push(cell(score.nrmse, (x) => fixed(x, 2)));
    if (hasCounts) cells.push(cell(code.arms[name]?.probe.countAccuracy ?? null, percent));
    const ours = name === "descent" ? ' class="ours"' : "";
    return `<tr${ours}><th scope="row">${escapeText(labelOf(name, report))}</th>${cells.join("")}</tr>`;
  };
  const group = (label: string) => `<tr class="group"><th colspan="${columns.length}">${label}</th></tr>`;
  const rows = grouped(scores).flatMap(([heading, names]) =>
    names.length > 0 ? [group(heading), ...names.map(row)] : [],
  );
  return `<figure><div class="scroll"><table><thead><tr>${columns.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div><figcaption>Mean and 95 % interval over seeds. NLL: negative log-likelihood of the true class, lower is better.${hasError ? " NRMSE: error over the series’ standard deviation, lower is better." : ""}${hasCounts ? " By electrode counts: the class whose electrodes spiked most; no model reads them." : ""}</figcaption></figure>`;
}

function cell(value: Score["nrmse"], show: (x: number) => string): string {
  if (!value) return "<td>–</td>";
  const interval =
    value.perSeed.length > 1 ? ` <small>${show(value.ci95[0])}–${show(value.ci95[1])}</small>` : "";
  return `<td>${show(value.mean)}${interval}</td>`;
}

function meanings(report: Report, names: string[]): string {
  const rows = names.map((name) => {
    return `<tr><th scope="row">${escapeText(labelOf(name, report))}</th><td><small>${name === "descent" ? "" : GROUP_LABELS[groupOf(name)]}</small></td><td class="why">${escapeText(meaningOf(name, report))}</td></tr>`;
  });
  return `<details><summary>What each arm and baseline is</summary><div class="scroll"><table>${rows.join("")}</table></div></details>`;
}
