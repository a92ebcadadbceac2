/** The experiment of many cultures, with its report. */
import { type ReportPaths, writeReport } from "../../report/files.ts";
import type { VatReport } from "../../report/schema.ts";
import { buildVatReport } from "../report/vat.ts";
import { type RunHooks, runExperiment } from "../run.ts";
import type { VatConfig } from "./config.ts";

export interface VatRunResult {
  readonly folder: string;
  readonly report: VatReport;
  readonly paths: ReportPaths;
}

/** Runs the experiment of many cultures in `folder`, or goes on with what is there, and writes its report. Throws as `runOrganoid` does. */
export function runVat(config: VatConfig, folder: string, hooks: RunHooks): Promise<VatRunResult> {
  return runExperiment({ kind: "vat", config }, folder, hooks, ({ outcomes, taskOf }) => {
    const report = buildVatReport(outcomes, {
      config,
      extensions: hooks.extensions,
      tasks: outcomes.map(({ seed }) => taskOf(seed)),
      wetgradVersion: hooks.wetgradVersion,
    });
    return { folder, report, paths: writeReport(folder, report) };
  });
}
