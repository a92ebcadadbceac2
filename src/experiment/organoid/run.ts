/** The experiment of one culture, with its report. */

import { type ReportPaths, writeReport } from "../../report/files.ts";
import type { SeriesReport } from "../../report/schema.ts";
import { buildReport } from "../report/series.ts";
import { type RunHooks, runExperiment } from "../run.ts";
import type { OrganoidConfig } from "./config.ts";

export interface RunResult {
  readonly folder: string;
  readonly report: SeriesReport;
  readonly paths: ReportPaths;
}

/**
 * Runs the experiment of one culture in `folder`, or goes on with what is there, and writes its report. Throws `RunError` where the folder
 * holds another experiment, `TaskError` where the series cannot be had, the signal's reason where it was aborted.
 */
export function runOrganoid(config: OrganoidConfig, folder: string, hooks: RunHooks): Promise<RunResult> {
  return runExperiment({ kind: "organoid", config }, folder, hooks, ({ outcomes, taskOf }) => {
    const report = buildReport(outcomes, {
      config,
      extensions: hooks.extensions,
      wetgradVersion: hooks.wetgradVersion,
      task: taskOf(config.firstSeed),
    });
    return { folder, report, paths: writeReport(folder, report) };
  });
}
