/** config.json, report.json and report.html of a culture that read. */
import { join } from "node:path";
import type { ScaffoldName } from "../../device/simulated/scaffolds.ts";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { type ReportPaths, reportPaths } from "../../report/files.ts";
import { renderReading } from "./page.ts";
import type { ReadingReport } from "./report.ts";

export const READING_FORMAT = 1;

/** What a culture was asked to read. */
export interface ReadingConfig {
  readonly seed: number;
  readonly scaffold: ScaffoldName;
  /** Sentences to fit on, and to test on. */
  readonly sentences: number;
  readonly test: number;
  readonly msPerWord?: number;
}

export function writeReading(folder: string, report: ReadingReport, config: ReadingConfig): ReportPaths {
  const paths = reportPaths(folder);
  makeFolder(folder);
  const kept = { format: READING_FORMAT, experiment: "reading", config };
  writeWhole(join(folder, "config.json"), `${JSON.stringify(kept, null, 2)}\n`);
  writeWhole(paths.json, `${JSON.stringify(report)}\n`);
  writeWhole(paths.html, renderReading(report));
  return paths;
}
