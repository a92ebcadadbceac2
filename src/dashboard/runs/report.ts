/** What a run has come to, as figures: of one that goes on, by those seeds that have finished; of a saved one, whole. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "../../experiment/job/outcome.ts";
import { jobsOf } from "../../experiment/job/work.ts";
import { type Experiment, planOf } from "../../experiment/plans.ts";
import { buildReport } from "../../experiment/report/series.ts";
import { buildVatReport } from "../../experiment/report/vat.ts";
import { readTiming } from "../../experiment/timing.ts";
import { parseReport, readReport } from "../../report/files.ts";
import { resultInShort } from "../../report/headline.ts";
import { isVat } from "../../report/schema.ts";
import { verdictLines } from "../../report/vat/words.ts";
import type { Task } from "../../tasks/contract.ts";
import type { ServerMessage } from "../protocol.ts";
import { cultureIndex } from "./describe.ts";
import { vatFigures } from "./vat-figures.ts";

export class ReportSoFar {
  private readonly found: { readonly outcome: Outcome; readonly task: Task }[] = [];
  private readonly jobs: number;
  private readonly placeOf: ReturnType<typeof cultureIndex>;

  constructor(
    private readonly experiment: Experiment,
    private readonly wetgradVersion: string,
  ) {
    this.jobs = jobsOf(planOf(experiment)).length;
    this.placeOf = cultureIndex(experiment);
  }

  /** The report of what has finished, as it will be when everything has. */
  add(outcome: Outcome, task: Task): ServerMessage {
    const { experiment, found, wetgradVersion, jobs: of } = this;
    found.push({ outcome, task });
    found.sort((a, b) => this.placeOf(a.outcome) - this.placeOf(b.outcome));
    const outcomes = found.map((one) => one.outcome);
    const finished = found.length;
    if (experiment.kind === "vat") {
      const tasks = found.map((one) => one.task);
      const report = buildVatReport(outcomes, { config: experiment.config, tasks, wetgradVersion });
      return { kind: "drawn", finished, of, figures: vatFigures(report) };
    }
    const { config } = experiment;
    const report = buildReport(outcomes, {
      wetgradVersion,
      config: { ...config, codes: config.codes.filter((code) => outcomes.some((one) => one.code === code)) },
      task,
    });
    return { kind: "report", finished, of, report: parseReport(report, "this run"), stages: {} };
  }
}

/** The report of a run's folder, with what is said of it; nothing where there is none. Throws `ReportError`. */
export function savedReport(folder: string, experiment: Experiment): ServerMessage[] {
  if (!existsSync(join(folder, "report.json"))) return [];
  const of = jobsOf(planOf(experiment)).length;
  const report = readReport(folder);
  if (!isVat(report))
    return [{ kind: "report", finished: of, of, report, stages: readTiming(folder)?.stages ?? {} }];
  const log = (level: "info" | "good") => (text: string) => ({ kind: "log" as const, level, text });
  return [
    { kind: "drawn", finished: of, of, figures: vatFigures(report) },
    ...[...report.notes].reverse().map(log("info")),
    ...verdictLines(report).reverse().map(log("good")),
  ];
}

/** The result of a finished run in a few words; none where its report is of another version. */
export function headlineOf(folder: string): string {
  try {
    return resultInShort(readReport(folder));
  } catch {
    return ""; // A report of another version: the run itself can be opened.
  }
}
