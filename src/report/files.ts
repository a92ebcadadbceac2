/** The two files of a report in a run's folder: report.json, which is kept, and report.html, drawn from it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../files/folder.ts";
import { writeWhole } from "../files/whole.ts";
import { ReportError } from "./error.ts";
import { renderReport } from "./html.ts";
import { REPORT_FORMAT, type Report, reportSchema } from "./schema.ts";

export interface ReportPaths {
  readonly json: string;
  readonly html: string;
}

export function reportPaths(folder: string): ReportPaths {
  return { json: join(folder, "report.json"), html: join(folder, "report.html") };
}

/** Checks `report` and writes both files, each whole or not at all. */
export function writeReport(folder: string, report: Report): ReportPaths {
  const paths = reportPaths(folder);
  makeFolder(folder);
  writeWhole(paths.json, `${JSON.stringify(parseReport(report, "this run"))}\n`);
  writeWhole(paths.html, renderReport(report));
  return paths;
}

/** Draws report.html again from report.json. */
export function redrawReport(folder: string): { report: Report; paths: ReportPaths } {
  const report = readReport(folder);
  const paths = reportPaths(folder);
  writeWhole(paths.html, renderReport(report));
  return { report, paths };
}

/** The report of a run's folder. Throws `ReportError`. */
export function readReport(folder: string): Report {
  const { json } = reportPaths(folder);
  let text: string;
  try {
    text = readFileSync(json, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new ReportError(`${folder}: no report.json here: expected the folder of a finished run (--out)`);
    throw error;
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new ReportError(
      `${json}: expected JSON, got something else: run the experiment again to rewrite it`,
    );
  }
  return parseReport(data, json);
}

/** Checks that `data` is a report of this version. */
export function parseReport(data: unknown, from: string): Report {
  const version = (data as { formatVersion?: unknown } | null)?.formatVersion;
  if (version !== REPORT_FORMAT) {
    const came = version === undefined ? "none" : JSON.stringify(version);
    throw new ReportError(
      `${from}: expected report format ${REPORT_FORMAT}, got ${came}: it was written by another version of wetgrad; run the experiment again into a new --out`,
    );
  }
  const parsed = reportSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new ReportError(`${from}: not a report of format ${REPORT_FORMAT}: ${path.join(".")}: ${message}`);
}
