/** report.json and report.html of a culture that read. */
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { type ReportPaths, reportPaths } from "../../report/files.ts";
import { renderReading } from "./page.ts";
import type { ReadingReport } from "./report.ts";

export function writeReading(folder: string, report: ReadingReport): ReportPaths {
  const paths = reportPaths(folder);
  makeFolder(folder);
  writeWhole(paths.json, `${JSON.stringify(report)}\n`);
  writeWhole(paths.html, renderReading(report));
  return paths;
}
