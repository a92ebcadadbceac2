/** The verdict as a figure: what descent left, minus each control, forecaster and reference, and the numbers beside it. */
import { figure, section, twoWidths } from "../page/markup.ts";
import { FOREST_CAPTION, forestPlot } from "../plot/forest.ts";
import type { CodeReport } from "../schema/series.ts";
import type { Report } from "../schema.ts";
import { methodLine } from "../verdict/margins.ts";
import { differencesTable } from "../verdict/table.ts";
import { verdictOn } from "../verdict/words.ts";

export function differencesSection(report: Report, code: CodeReport): string {
  const { accuracy } = verdictOn(report, code.code);
  if (!accuracy || accuracy.rivals.length === 0) return "";
  const drawing = twoWidths((width) => forestPlot(accuracy, "descent", width), 560, 400);
  return section(
    `${code.code}-differences`,
    "Beside everything else, seed by seed",
    methodLine(report.verdict),
    `<div class="pair">${figure(drawing, FOREST_CAPTION)}${differencesTable(accuracy)}</div>`,
  );
}
