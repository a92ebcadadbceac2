/**
 * A whole experiment in one folder, of one culture or of many. Killed or stopped at any moment, the same call continues and ends
 * with the same bits, wherever the cultures are held.
 *
 *   config.json       what the run is          journal.sqlite   cycles, losses, decisions
 *   stages/           finished stages          spool/           recorded stretches, until they are in recording.nwb
 *   models/           trained models           recording.nwb    every spike, pulse, datum and loss
 *   dish.json         of a dish: its device
 *   report.json, report.html                   timing.json      how long it took: the one file that two runs do not share
 *
 * One culture: seeds and codes on worker threads, each with its tissue. Many: one vat after the other, its brains on threads or
 * on other machines.
 */
import { existsSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { checkDevice } from "../compute/index.ts";
import { claimFolder } from "../files/claim.ts";
import { NwbRun } from "../recording/nwb/run.ts";
import { cleanSpool } from "../recording/spool.ts";
import type { Plan } from "../session/plan.ts";
import type { Task } from "../tasks/contract.ts";
import type { Tissue } from "../tissue/contract.ts";
import type { TissueEvent } from "../tissue/events.ts";
import { heardTissue } from "../tissue/heard.ts";
import { abilitiesAt, type TissuePlace } from "../tissue/place.ts";
import { Stopped } from "../tissue/stopped.ts";
import { checkPlan, planAt } from "./check.ts";
import { Checkpoints } from "./checkpoints/checkpoint.ts";
import { timedAs } from "./checkpoints/stages.ts";
import { RunControl } from "./control/control.ts";
import { type KeptDish, keepDish } from "./dish/kept.ts";
import type { Extension } from "./extensions/extension.ts";
import { checkFolder, RUN_FORMAT, writeConfig } from "./folder.ts";
import type { Observer } from "./job/observer.ts";
import type { Outcome } from "./job/outcome.ts";
import { Programs, profileAt, taskOf } from "./job/setup.ts";
import { type Job, jobsOf, work } from "./job/work.ts";
import { putEntry, putOutcome, putTuning, readTuning } from "./journal/entries.ts";
import { Journal } from "./journal/journal.ts";
import { keptScore } from "./journal/score.ts";
import { type Experiment, planOf } from "./plans.ts";
import { runJobs } from "./pool/pool.ts";
import type { WorkerMessage } from "./pool/worker.ts";
import { type ProgressEvent, RunProgress } from "./progress.ts";
import { nwbSession, segmentsOf } from "./recording.ts";
import { addTiming, type Took } from "./timing.ts";

export interface RunHooks {
  readonly wetgradVersion: string;
  /** Where cultures are held; worker threads of this process if not given. */
  readonly place?: TissuePlace | undefined;
  /** Default: as many as the machine has cores. */
  readonly workers?: number | undefined;
  /** Files of one's own that the run uses, loaded already (extensions/load.ts). */
  readonly extensions?: readonly Extension[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** Stops, pauses and tunes the run; stopping it is like aborting `signal`. */
  readonly control?: RunControl | undefined;
  /** Of one culture: everything that the worker threads say. */
  readonly onMessage?: ((message: WorkerMessage, job: Job) => void) | undefined;
  /** Of many: the tissue as it is watched, and who sees the experiment and its outcomes. */
  readonly watch?: ((tissue: Tissue, control: RunControl) => Tissue) | undefined;
  readonly observer?: Observer | undefined;
  readonly onGrown?: ((brain: number) => void) | undefined;
  /** Hears of the hosts of tissue that is held on other machines. */
  readonly onTissueEvent?: ((event: TissueEvent) => void) | undefined;
  readonly onOutcome?: ((outcome: Outcome, task: Task) => void) | undefined;
  /** Programs that outlive this run, for who runs several; made and disposed of by the run if not given. */
  readonly programs?: Programs | undefined;
}

/** The result of a run. */
export interface Found {
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  /** The task of each seed. */
  readonly taskOf: (seed: number) => Task;
  /** What this call took: of a run that was done, nothing but itself. */
  readonly timing: Took;
  /** Where the culture was one. */
  readonly dish: KeptDish | null;
}

/** Runs the experiment in `folder`, and `tell`s what was found while the folder is still claimed. */
export async function runExperiment<Result>(
  asked: Experiment,
  folder: string,
  hooks: RunHooks,
  tell: (found: Found) => Result | Promise<Result>,
): Promise<Result> {
  const experiment: Experiment = { ...asked, extensions: hooks.extensions };
  const wanted = planOf(experiment);
  const place: TissuePlace = hooks.place ?? { kind: wanted.brains === 1 ? "local" : "threads" };
  const plan = planAt(wanted, place);
  const tasks = await taskOf(plan, profileAt(plan, place));
  checkPlan(plan, tasks(plan.firstSeed), place);
  if (plan.compute !== "cpu") await checkDevice(plan.compute);
  const startedAt = performance.now();
  checkFolder(folder, experiment);
  const claim = claimFolder(folder);
  try {
    writeConfig(folder, experiment);
    const dish = place.kind === "dish" ? keepDish(folder, place) : null;
    const journal = Journal.open(join(folder, "journal.sqlite"), RUN_FORMAT);
    try {
      const { outcomes, stages } = await runAll({ plan, place, dish, folder, journal, hooks, taskOf: tasks });
      const timing = {
        wallSeconds: (performance.now() - startedAt) / 1000,
        stages,
        peakMemoryMb: process.resourceUsage().maxRSS / 1024,
      };
      const result = await tell({ plan, outcomes, timing, taskOf: tasks, dish });
      addTiming(folder, timing);
      journal.tidy();
      return result;
    } finally {
      journal.close();
    }
  } finally {
    claim.release();
  }
}

interface Run {
  readonly plan: Plan;
  readonly place: TissuePlace;
  /** Where it is one. */
  readonly dish: KeptDish | null;
  readonly folder: string;
  readonly journal: Journal;
  readonly hooks: RunHooks;
  readonly taskOf: (seed: number) => Task;
}

async function runAll(run: Run) {
  const { plan, place, folder, journal, hooks } = run;
  const jobs = jobsOf(plan);
  const spool = join(folder, "spool");
  const nwbPath = join(folder, "recording.nwb");
  const task = run.taskOf(plan.firstSeed);
  cleanSpool(spool);
  const recording =
    !plan.record || existsSync(nwbPath)
      ? null
      : await NwbRun.open(nwbPath, nwbSession(plan, task, run.dish), spool, segmentsOf(plan, task));
  const progress = new RunProgress(plan, jobs.length, profileAt(plan, place), (event) =>
    hooks.onProgress?.(event),
  );
  const control = hooks.control ?? new RunControl();
  control.keepTuning(readTuning(journal), (tuning) => putTuning(journal, tuning));
  const onMessage = (message: WorkerMessage, job: Job) => {
    if (message.kind === "presented") progress.presented(job.index, message.count);
    if (message.kind === "log") putEntry(journal, message.entry);
    if (message.kind === "stage") progress.took(job.index, message.timedAs, message.seconds);
    if (message.kind === "outcome") {
      putOutcome(journal, message.outcome, scoresByArm(message.outcome, run.taskOf(job.seed)));
      progress.ended(job.index);
      hooks.onOutcome?.(message.outcome, run.taskOf(job.seed));
    }
    hooks.onMessage?.(message, job);
    if (message.kind === "stage" || message.kind === "outcome") recording?.advance();
  };
  let outcomes: Outcome[];
  const listened = control.listen();
  try {
    const workers = hooks.workers ?? availableParallelism();
    outcomes =
      place.kind === "local" && plan.brains === 1
        ? await runJobs(jobs, {
            plan,
            folder,
            workers,
            extensions: hooks.extensions ?? [],
            signal: hooks.signal,
            control,
            onMessage,
          })
        : await runHere(jobs, run, control, onMessage);
  } catch (error) {
    recording?.abandon();
    throw error;
  } finally {
    listened();
  }
  recording?.close();
  rmSync(spool, { recursive: true, force: true });
  return { outcomes, stages: progress.seconds };
}

/** One job after the other in this thread, its cultures held elsewhere. */
async function runHere(
  jobs: readonly Job[],
  { plan, place, folder, hooks }: Run,
  control: RunControl,
  onMessage: (message: WorkerMessage, job: Job) => void,
): Promise<Outcome[]> {
  const onAbort = () => control.stop();
  hooks.signal?.addEventListener("abort", onAbort);
  if (hooks.signal?.aborted) onAbort();
  const programs = hooks.programs ?? new Programs(plan.compute);
  const outcomes: Outcome[] = [];
  try {
    for (const job of jobs) {
      if (control.isStopped) throw new Stopped();
      let began = 0;
      const checkpoints = new Checkpoints(join(folder, "stages"), (stage, state) => {
        const counted = timedAs(stage);
        if (counted === null) return;
        if (state === "begin") began = performance.now();
        else
          onMessage(
            { kind: "stage", stage, timedAs: counted, seconds: (performance.now() - began) / 1000 },
            job,
          );
      });
      if (!abilitiesAt(place).includes("restore")) checkpoints.countBeginnings();
      const outcome = await work(job, {
        plan,
        folder,
        place,
        control,
        checkpoints,
        programs,
        log: (entry) => onMessage({ kind: "log", entry }, job),
        observer: hooks.observer ?? {},
        onGrown: hooks.onGrown,
        onTissueEvent: hooks.onTissueEvent,
        watch: (tissue) => heardTissue(hooks.watch?.(tissue, control) ?? tissue, control),
        tick: () => {
          onMessage({ kind: "presented", count: 1 }, job);
          return control.isStopped;
        },
      });
      checkpoints.forget(job);
      outcomes.push(outcome);
      onMessage({ kind: "outcome", job, outcome }, job);
    }
    return outcomes;
  } catch (error) {
    // A gate that has been stopped refuses what is left of a step, in this thread or another.
    if (control.isStopped && ["UnsafePulse", "Stopped"].includes((error as Error).name)) throw new Stopped();
    throw error;
  } finally {
    hooks.signal?.removeEventListener("abort", onAbort);
    if (!hooks.programs) await programs.dispose();
  }
}

/** The scores of every probe, by arm, for the journal. */
function scoresByArm({ arms }: Outcome, task: Task) {
  return Object.fromEntries(
    Object.entries(arms).map(([arm, { probes }]) => [arm, probes.map((probe) => keptScore(task, probe))]),
  );
}
