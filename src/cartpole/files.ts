/** report.json and report.html of the experiment. */
import { writeWhole } from "../files/whole.ts";
import { type ReportPaths, reportPaths } from "../report/files.ts";
import { renderCartpole } from "./page.ts";
import type { CartpoleReport } from "./report.ts";

export function writeCartpole(folder: string, report: CartpoleReport): ReportPaths {
  const paths = reportPaths(folder);
  writeWhole(paths.json, `${JSON.stringify(report)}\n`);
  writeWhole(paths.html, renderCartpole(report));
  return paths;
}
