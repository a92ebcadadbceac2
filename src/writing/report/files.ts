/** report.json and report.html of the experiment. */
import { writeWhole } from "../../files/whole.ts";
import { type ReportPaths, reportPaths } from "../../report/files.ts";
import { renderWriting } from "./page.ts";
import type { WritingReport } from "./schema.ts";

export function writeWriting(folder: string, report: WritingReport): ReportPaths {
  const paths = reportPaths(folder);
  writeWhole(paths.json, `${JSON.stringify(report)}\n`);
  writeWhole(paths.html, renderWriting(report));
  return paths;
}
