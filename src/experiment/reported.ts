/** An experiment of either kind, with its report. */
import type { ReportPaths } from "../report/files.ts";
import type { Report } from "../report/schema.ts";
import { runOrganoid } from "./organoid/run.ts";
import type { Experiment } from "./plans.ts";
import type { RunHooks } from "./run.ts";
import { runVat } from "./vat/run.ts";

export interface Reported {
  readonly folder: string;
  readonly report: Report;
  readonly paths: ReportPaths;
}

export function runReported(experiment: Experiment, folder: string, hooks: RunHooks): Promise<Reported> {
  return experiment.kind === "vat"
    ? runVat(experiment.config, folder, hooks)
    : runOrganoid(experiment.config, folder, hooks);
}
