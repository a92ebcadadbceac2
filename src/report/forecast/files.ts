/** The two files of a forecast report in a folder: report.json, which is kept, and report.html, drawn from it. */
import { readFileSync } from "node:fs";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { ReportError } from "../error.ts";
import { type ReportPaths, reportPaths } from "../files.ts";
import { renderForecastReport } from "./page.ts";
import {
  FORECAST_REPORT_FORMAT,
  type ForecastReport,
  type ForecastReportInput,
  forecastReportSchema,
} from "./schema.ts";

/** Checks `report` and writes both files, each whole or not at all. Throws `ReportError`. */
export function writeForecastReport(folder: string, report: ForecastReportInput): ReportPaths {
  const paths = reportPaths(folder);
  const checked = parseForecastReport(report, "this run");
  makeFolder(folder);
  writeWhole(paths.json, `${JSON.stringify(checked)}\n`);
  writeWhole(paths.html, renderForecastReport(checked));
  return paths;
}

/** The forecast report of a folder. Throws `ReportError`. */
export function readForecastReport(folder: string): ForecastReport {
  const { json } = reportPaths(folder);
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(json, "utf8"));
  } catch (error) {
    throw new ReportError(`${json}: expected the report.json of a forecast: ${(error as Error).message}`);
  }
  return parseForecastReport(data, json);
}

function parseForecastReport(data: unknown, from: string): ForecastReport {
  const parsed = forecastReportSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new ReportError(
    `${from}: not a forecast report of format ${FORECAST_REPORT_FORMAT}: ${path.join(".")}: ${message}: score the forecast again`,
  );
}
