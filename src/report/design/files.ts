/** report.json and report.html of an experiment over dishes and days. */
import { readFileSync } from "node:fs";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { type ReportPaths, reportPaths } from "../files.ts";
import { renderDesign } from "./page.ts";
import { type DesignReport, designReport } from "./schema.ts";

/** Draws report.html again, where the folder's report is one of these; null where it is another. */
export function redrawDesign(folder: string): { report: DesignReport; paths: ReportPaths } | null {
  const { json } = reportPaths(folder);
  let read: ReturnType<typeof designReport.safeParse>;
  try {
    read = designReport.safeParse(JSON.parse(readFileSync(json, "utf8")));
  } catch {
    return null;
  }
  return read.success ? { report: read.data, paths: writeDesignReport(folder, read.data) } : null;
}

export function writeDesignReport(folder: string, report: DesignReport): ReportPaths {
  const paths = reportPaths(folder);
  makeFolder(folder);
  writeWhole(paths.json, `${JSON.stringify(designReport.parse(report))}\n`);
  writeWhole(paths.html, renderDesign(report));
  return paths;
}
