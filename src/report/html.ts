/** report.json as one self-contained HTML page: no script, no request, readable on a phone, in light and dark. */
import { facts, section } from "./page/markup.ts";
import { page } from "./page/page.ts";
import { escapeText } from "./plot/svg.ts";
import { isSeries, isVat, type Report } from "./schema.ts";
import { seriesHeader, seriesSections } from "./series/sections.ts";
import { vatHeader, vatSections } from "./vat/page.ts";

export function renderReport(report: Report): string {
  const parts = [
    ...(isSeries(report) ? [seriesHeader(report), seriesSections(report)] : []),
    ...(isVat(report) ? [vatHeader(report), vatSections(report)] : []),
  ];
  const command = isSeries(report) ? "organoid" : "vat";
  return page(
    `${report.task.name}: wetgrad ${command}`,
    [...parts, notesSection(report), footer(report)].join("\n"),
  );
}

function notesSection(report: Report): string {
  const notes = report.notes.map((note) => `<p>${escapeText(note)}</p>`).join("");
  return section("notes", "What to keep in mind", "", notes);
}

function footer({ task, config, wetgradVersion, arithmetic }: Report): string {
  const lags = task.lags === undefined ? "" : `, from ${task.lags} ${task.lags === 1 ? "lag" : "lags"}`;
  return `<section id="run"><h2>The run</h2>${facts([
    ["task", `${task.name}: ${task.source}`],
    ["classes", `${task.classes}${lags}`],
    ["arithmetic", arithmetic.join("; ")],
    ["version", `wetgrad ${wetgradVersion}`],
  ])}<details><summary>Configuration</summary>${facts(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  )}</details></section>
<footer>Intervals of single values are 95 % bootstrap intervals over seeds, widened for few of them; those of differences are Student’s. Probes are held out and never written to. Same configuration and seed on machines of the same arithmetic, same numbers.</footer>`;
}
