/** Runs jobs on worker threads, as many at a time as there are workers. */
import type { Worker } from "node:worker_threads";
import type { Plan } from "../../session/plan.ts";
import { startThread } from "../../threads/start.ts";
import { Stopped } from "../../tissue/stopped.ts";
import type { RunControl } from "../control/control.ts";
import type { Extension } from "../extensions/extension.ts";
import type { Outcome } from "../job/outcome.ts";
import type { Job } from "../job/work.ts";
import type { WorkerData, WorkerMessage } from "./worker.ts";

export interface PoolOptions {
  readonly plan: Plan;
  readonly folder: string;
  readonly workers: number;
  /** Files of one's own, which every worker loads first. */
  readonly extensions: readonly Extension[];
  readonly signal: AbortSignal | undefined;
  /** Told to stop when `signal` aborts or a job fails. */
  readonly control: RunControl;
  readonly onMessage: (message: WorkerMessage, job: Job) => void;
}

/** New objects get less room than V8 gives them: 85 MB less at the peak of two workers, for some 4 % of their time. */
const LIMITS = { maxYoungGenerationSizeMb: 6 };

/** The jobs' outcomes, in the order of the jobs. Rejects with the signal's reason once every worker has stopped. */
export async function runJobs(jobs: readonly Job[], options: PoolOptions): Promise<Outcome[]> {
  const { control } = options;
  const onAbort = () => control.stop();
  options.signal?.addEventListener("abort", onAbort);
  if (options.signal?.aborted) onAbort();
  const outcomes: Outcome[] = [];
  let next = 0;
  const workLoop = async () => {
    const workerData: WorkerData = {
      plan: options.plan,
      folder: options.folder,
      control: control.buffer,
      extensions: options.extensions,
    };
    const worker = startThread(import.meta.url, "./worker", workerData, LIMITS);
    try {
      while (next < jobs.length && !control.isStopped) {
        const index = next++;
        outcomes[index] = await runOne(worker, jobs[index], options);
      }
    } catch (error) {
      onAbort(); // The others stop too; their stages are kept.
      throw error;
    } finally {
      await worker.terminate();
    }
  };
  const loops = Array.from({ length: Math.min(options.workers, jobs.length) }, workLoop);
  const results = await Promise.allSettled(loops);
  options.signal?.removeEventListener("abort", onAbort);
  options.signal?.throwIfAborted();
  const faults = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
  // What made the others stop, before those that were stopped.
  const [fault] = [...faults.filter((error) => !(error instanceof Stopped)), ...faults];
  if (fault) throw fault;
  if (control.isStopped && jobs.some((_, index) => !outcomes[index])) throw new Stopped();
  return outcomes;
}

function runOne(worker: Worker, job: Job, { onMessage, signal }: PoolOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off("message", onWorkerMessage).off("error", onError).off("exit", onExit);
      finish();
    };
    const onWorkerMessage = (message: WorkerMessage) => {
      try {
        onMessage(message, job);
      } catch (error) {
        settle(() => reject(error)); // Thrown into the event loop it would leave the run waiting forever.
        return;
      }
      if (message.kind === "outcome") settle(() => resolve(message.outcome));
      if (message.kind === "stopped") settle(() => reject(signal?.reason ?? new Stopped()));
      if (message.kind === "failed") {
        const error = Object.assign(new Error(message.message), { stack: message.stack });
        error.name = message.name;
        settle(() => reject(error));
      }
    };
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`a worker thread ended with code ${code}`)));
    worker.on("message", onWorkerMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(job);
  });
}
