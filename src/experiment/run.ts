/**
 * A whole organoid experiment in one folder: seeds and codes on worker threads, the journal and the recording on this
 * one, the report at the end. Killed or stopped at any moment, the same call continues and ends with the same bits.
 *
 *   config.json       what the run is          journal.sqlite   cycles, losses, decisions
 *   stages/           finished stages          spool/           recorded segments, until they are in recording.nwb
 *   models/           trained models           recording.nwb    every spike, pulse, datum and loss
 *   report.json, report.html
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { checkDevice } from "../compute/index.ts";
import { simulatedProfile } from "../device/simulated/array.ts";
import { writeWhole } from "../files/whole.ts";
import { CONTEXT_SIZE } from "../protocol/protocol.ts";
import { NwbRun } from "../recording/nwb/run.ts";
import { cleanSpool } from "../recording/spool.ts";
import { type ReportPaths, writeReport } from "../report/files.ts";
import type { Report } from "../report/schema.ts";
import type { Task } from "../tasks/contract.ts";
import { openTask } from "../tasks/open.ts";
import { buildReport } from "./aggregate.ts";
import type { OrganoidConfig } from "./config.ts";
import { RunControl } from "./control/control.ts";
import { claimFolder } from "./journal/claim.ts";
import { putEntry, putOutcome, putTuning, readTuning } from "./journal/entries.ts";
import { Journal } from "./journal/journal.ts";
import { segmentsOf } from "./lab.ts";
import { METHOD_ARMS } from "./methods/arms.ts";
import type { Outcome } from "./outcome.ts";
import { runJobs } from "./pool.ts";
import { nwbSession } from "./session.ts";
import { zonesOf } from "./subject.ts";
import type { Job, WorkerMessage } from "./worker.ts";

/** Raised whenever a run of the old layout could no longer be continued. */
export const RUN_FORMAT = 1;

/** A run folder or configuration that cannot be used: one line, and what to do. */
export class RunError extends Error {
  override readonly name = "RunError";
}

export interface RunHooks {
  readonly wetgradVersion: string;
  /** Default: as many as the machine has cores. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (event: { done: number; total: number; unit: string; message: string }) => void;
  /** Stops, pauses and resumes the run; stopping it is like aborting `signal`. */
  readonly control?: RunControl | undefined;
  /** Sees everything that the worker threads say: for those who watch. */
  readonly onMessage?: ((message: WorkerMessage, job: Job) => void) | undefined;
}

export interface RunResult {
  readonly folder: string;
  readonly report: Report;
  readonly paths: ReportPaths;
}

export async function runOrganoid(
  config: OrganoidConfig,
  folder: string,
  hooks: RunHooks,
): Promise<RunResult> {
  const task = await taskOf(config);
  if (config.device !== "cpu") await checkDevice(config.device);
  const startedAt = performance.now();
  checkFolder(folder, config);
  const claim = claimFolder(folder);
  try {
    writeConfig(folder, config);
    const journal = Journal.open(join(folder, "journal.sqlite"), RUN_FORMAT);
    try {
      const { outcomes, stages } = await runAll(config, folder, journal, hooks);
      const report = buildReport(outcomes, {
        config,
        wetgradVersion: hooks.wetgradVersion,
        task: { name: task.name, kind: task.kind, source: task.source, classes: task.classCount },
        timing: {
          wallSeconds: (performance.now() - startedAt) / 1000,
          stages,
          peakMemoryMb: process.resourceUsage().maxRSS / 1024,
        },
      });
      return { folder, report, paths: writeReport(folder, report) };
    } finally {
      journal.close();
    }
  } finally {
    claim.release();
  }
}

/** Every seed with every code, in the order of the report. */
export function jobsOf({ seeds, firstSeed, codes }: OrganoidConfig): Job[] {
  return Array.from({ length: seeds }, (_, i) => firstSeed + i)
    .flatMap((seed) => codes.map((code) => ({ seed, code })))
    .map((job, index) => ({ ...job, index }));
}

async function runAll(config: OrganoidConfig, folder: string, journal: Journal, hooks: RunHooks) {
  const jobs: Job[] = jobsOf(config);
  const spool = join(folder, "spool");
  const nwbPath = join(folder, "recording.nwb");
  cleanSpool(spool);
  const order = jobs.flatMap(({ seed, code }) => segmentsOf(config, seed, code));
  const recording = existsSync(nwbPath) ? null : await NwbRun.open(nwbPath, nwbSession(config), spool, order);
  const progress = new Progress(config, jobs.length, hooks);
  const onMessage = (message: WorkerMessage, job: Job) => {
    progress.on(message);
    hooks.onMessage?.(message, job);
    if (message.kind === "log") putEntry(journal, message.entry);
    if (message.kind === "outcome") putOutcome(journal, message.outcome, message.outcome.arms);
    if (message.kind === "stage" || message.kind === "outcome") recording?.advance();
  };
  const workers = hooks.workers ?? availableParallelism();
  let outcomes: Outcome[];
  try {
    const control = hooks.control ?? new RunControl();
    control.keepTuning(readTuning(journal), (tuning) => putTuning(journal, tuning));
    outcomes = await runJobs(jobs, { config, folder, workers, signal: hooks.signal, control, onMessage });
  } catch (error) {
    recording?.abandon();
    throw error;
  }
  recording?.close();
  rmSync(spool, { recursive: true, force: true });
  return { outcomes, stages: progress.seconds };
}

/** Counts presentations over all jobs, and seconds by stage. */
class Progress {
  readonly seconds: Record<string, number> = {};
  private done = 0;
  private finished = 0;
  private readonly perJob: number;

  constructor(
    config: OrganoidConfig,
    private readonly jobs: number,
    private readonly hooks: RunHooks,
  ) {
    const { cycles, presentations, probeTrials, babbleTrials, arms, retentionSeconds } = config;
    const perArm = cycles * (presentations + probeTrials);
    const afterwards = arms.includes("descent")
      ? probeTrials * (retentionSeconds > 0 ? 2 : 1) + retentionSeconds
      : 0;
    this.perJob =
      babbleTrials + probeTrials + cycles * presentations + arms.length * perArm + Math.floor(afterwards);
  }

  on(message: WorkerMessage): void {
    if (message.kind === "presented") this.done += message.count;
    if (message.kind === "stage") {
      const stage = message.name.replace(/^\d+-[a-z]+-/, "").replace(/-\d+.*$/, "");
      if (stage !== "outcome") this.seconds[stage] = (this.seconds[stage] ?? 0) + message.seconds;
    }
    if (message.kind === "outcome") {
      this.finished++;
      this.done = Math.max(this.done, this.finished * this.perJob);
    }
    const total = this.jobs * this.perJob;
    const text = `${this.finished} of ${this.jobs} cultures done`;
    this.hooks.onProgress?.({
      done: Math.min(this.done, total),
      total,
      unit: "presentations",
      message: text,
    });
  }
}

/** The task of an experiment that can be run. Throws `RunError` or `TaskError` before a folder is made. */
export async function taskOf(config: OrganoidConfig): Promise<Task> {
  checkArms(config);
  const { series, column, firstSeed, cycles, presentations, probeTrials } = config;
  const task = await openTask({ series, column });
  task.code(firstSeed, {
    trainCount: cycles * presentations,
    testCount: probeTrials,
    sensoryCount: zonesOf(simulatedProfile, firstSeed).sensory.length,
    activeCount: CONTEXT_SIZE,
  });
  return task;
}

function checkArms({ arms, method = "stimulate" }: OrganoidConfig): void {
  const foreign = arms.find((arm) => !METHOD_ARMS[method].includes(arm));
  if (foreign)
    throw new RunError(
      `method ${method}: expected arms out of ${METHOD_ARMS[method].join(", ")}, got ${foreign}; change --arms`,
    );
  const [random, descent] = [arms.indexOf("random"), arms.indexOf("descent")];
  if (method === "direct" && random >= 0 && (descent < 0 || random < descent))
    throw new RunError("arm random deals out the descent's changes: put descent before it in --arms");
  if (method !== "stimulate") return;
  for (const arm of ["yoked", "frozen"] as const)
    if (arms.includes(arm) && !arms.includes("descent"))
      throw new RunError(`arm ${arm} replays the descent's pulses: add descent to --arms`);
}

/** The folder must be new, empty, or hold this very experiment. */
function checkFolder(folder: string, config: OrganoidConfig): void {
  const path = join(folder, "config.json");
  if (!existsSync(path)) {
    if (existsSync(join(folder, "report.json")) || existsSync(join(folder, "journal.sqlite")))
      throw new RunError(
        `${folder}: holds something that is not a run of this version; choose another --out`,
      );
    return;
  }
  let saved: { format?: unknown; config?: unknown };
  try {
    saved = JSON.parse(readFileSync(path, "utf8")) as typeof saved;
  } catch {
    throw new RunError(`${path}: expected a run's configuration, got something else; choose another --out`);
  }
  if (saved.format !== RUN_FORMAT)
    throw new RunError(
      `${folder}: expected run format ${RUN_FORMAT}, got ${String(saved.format)}: it was made by another version of wetgrad; choose another --out`,
    );
  if (!isDeepStrictEqual(saved.config, JSON.parse(JSON.stringify(config))))
    throw new RunError(`${folder}: holds another experiment (see its config.json); choose another --out`);
}

function writeConfig(folder: string, config: OrganoidConfig): void {
  const path = join(folder, "config.json");
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true });
  writeWhole(path, `${JSON.stringify({ format: RUN_FORMAT, config }, null, 2)}\n`);
}
