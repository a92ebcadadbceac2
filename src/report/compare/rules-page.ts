/** `wetgrad culture rules` as one self-contained page: each rule's pairing curve beside that of cultures, its numbers, its activity. */
import { fixed } from "../format.ts";
import { figure } from "../page/markup.ts";
import { page } from "../page/page.ts";
import { linePlot } from "../plot/lines.ts";
import { escapeText } from "../plot/svg.ts";
import type { Comparison } from "./comparison.ts";
import { rates, table } from "./page.ts";
import type { RuleColumn, RuleRow } from "./rules.ts";
import { summary } from "./table.ts";

export type Curve = readonly (readonly [lagMs: number, change: number])[];

export interface RulesPage {
  readonly rows: readonly (RuleRow & { readonly curve: Curve })[];
  readonly columns: readonly RuleColumn[];
  /** The pairing curve of cultured neurons, and where it is from. */
  readonly tissue: { readonly curve: Curve; readonly source: string };
  readonly comparison: Comparison;
}

export function renderRules({ rows, columns, tissue, comparison }: RulesPage): string {
  const heading =
    comparison.real.length > 0
      ? summary(comparison)
      : `${rows.length} plasticity rules, measured as tissue is`;
  const body = [
    `<header><p class="kicker">wetgrad culture rules · ${rows.length} rules · ${comparison.real.length} recorded cultures</p>`,
    `<h1>${escapeText(heading)}</h1>`,
    `<p class="lede">Each rule by the experiments that are made on tissue: pairs of spikes at a lag, and a culture that lives under it.</p></header>`,
    `<section><h2>Pairing curves</h2><div class="three">${rows.map((row) => curveOf(row, tissue)).join("")}</div><p class="soft" style="margin-top:10px">Change of a synapse of half the maximum weight by 60 pairings, one a second. Dashed: <a href="${escapeText(tissue.source)}">cultured hippocampal neurons</a>. A simulated lesson lasts minutes, so steps are larger than tissue's.</p></section>`,
    numbers(rows, columns),
    table(comparison),
    rates(comparison),
  ];
  return page("wetgrad culture rules", body.join("\n"));
}

function curveOf({ rule, summary: what, curve }: RulesPage["rows"][number], tissue: RulesPage["tissue"]) {
  const line = (label: string, name: string, points: Curve, dash?: string) => {
    const changes = points.map(([, change]) => change);
    return {
      ...{ label, class: name, x: points.map(([lagMs]) => lagMs), mean: changes, lo: changes, hi: changes },
      ...(dash ? { dash } : {}),
    };
  };
  const plot = linePlot({
    title: `Pairing curve of ${rule}`,
    description:
      "Share of its weight by which a synapse changes, by the lag from the spike before to the spike behind it.",
    width: 310,
    height: 250,
    legend: false,
    xLabel: "lag (ms)",
    yLabel: "change",
    yDomain: [-1, 1],
    lines: [line("tissue", "control", tissue.curve, "4 3"), line(rule, "descent", curve)],
    references: [{ label: "", y: 0 }],
  });
  return figure(plot, `<b>${escapeText(rule)}</b> ${escapeText(what)}`);
}

function numbers(rows: RulesPage["rows"], columns: RulesPage["columns"]): string {
  const text = (value: number | null | undefined, digits: number) =>
    value === null || value === undefined || !Number.isFinite(value) ? "–" : fixed(value, digits);
  const head = columns.map(
    ({ short, label }) => `<th scope="col" title="${escapeText(label)}">${escapeText(short)}</th>`,
  );
  const body = rows.map(
    ({ rule, numbers: of }) =>
      `<tr class="ours"><th scope="row">${escapeText(rule)}</th>${columns.map(({ key, digits }) => `<td>${text(of[key], digits)}</td>`).join("")}</tr>`,
  );
  const tissue = columns.map(
    ({ published }) => `<td>${escapeText(published?.value.split(":")[0] ?? "–")}</td>`,
  );
  const notes = columns.flatMap(({ short, label, published }) => [
    `<li><b>${escapeText(short)}</b> ${escapeText(label)}${published ? `; in tissue ${escapeText(published.value)} (${escapeText(published.in)}), <a href="${escapeText(published.source)}">${escapeText(published.source)}</a>` : ""}</li>`,
  ]);
  return `<section><h2>In numbers</h2><div class="scroll"><table><thead><tr><th></th>${head.join("")}</tr></thead><tbody>${body.join("")}<tr class="group"><th scope="row">tissue</th>${tissue.join("")}</tr></tbody></table></div><ul class="soft">${notes.join("")}</ul></section>`;
}
