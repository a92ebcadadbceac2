/** A report on one screen of a terminal: the parts that it has. */
import { type Paint, PLAIN } from "./columns.ts";
import { isSeries, isVat, type Report } from "./schema.ts";
import { seriesTable } from "./series/table.ts";
import { vatTable } from "./vat/table.ts";

export function reportTable(report: Report, paint: Paint = PLAIN): string {
  return [
    ...(isSeries(report) ? [seriesTable(report, paint)] : []),
    ...(isVat(report) ? [vatTable(report, paint)] : []),
  ].join("\n\n");
}
