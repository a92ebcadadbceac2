/** A worker thread: takes jobs (a seed and a code each), one at a time, and reports how they go. Its tissue is its own. */
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { UnsafePulse } from "../../device/gate/unsafe-pulse.ts";
import type { Plan } from "../../session/plan.ts";
import { Stopped } from "../../tissue/stopped.ts";
import { Checkpoints } from "../checkpoints/checkpoint.ts";
import { type Stage, timedAs } from "../checkpoints/stages.ts";
import { RunControl } from "../control/control.ts";
import type { Extension } from "../extensions/extension.ts";
import { loadAgain } from "../extensions/load.ts";
import type { Outcome } from "../job/outcome.ts";
import { Programs } from "../job/setup.ts";
import { type Job, work } from "../job/work.ts";
import type { JournalEntry } from "../journal/entries.ts";
import { Live } from "../live/live.ts";
import type { LiveMessage } from "../live/messages.ts";
import { liveObserver } from "../live/observer.ts";

export interface WorkerData {
  readonly plan: Plan;
  readonly folder: string;
  /** The flags of a `RunControl`. */
  readonly control: SharedArrayBuffer;
  /** Loaded before the first job. */
  readonly extensions: readonly Extension[];
}

export type WorkerMessage =
  | { readonly kind: "presented"; readonly count: number }
  | { readonly kind: "log"; readonly entry: JournalEntry }
  | { readonly kind: "live"; readonly message: LiveMessage }
  | { readonly kind: "frame"; readonly bytes: Uint8Array }
  | { readonly kind: "stage"; readonly stage: Stage; readonly timedAs: string; readonly seconds: number }
  | { readonly kind: "outcome"; readonly job: Job; readonly outcome: Outcome }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly name: string; readonly message: string; readonly stack: string };

/** Presentations between two progress messages. */
const TICKS = 50;

const port = parentPort;
if (port) serve(workerData as WorkerData);

function serve({ plan, folder, control: flags, extensions }: WorkerData): void {
  if (!port) return;
  const send = (message: WorkerMessage) => port.postMessage(message);
  const control = new RunControl(flags);
  const live = new Live(control, {
    message: (message) => send({ kind: "live", message }),
    frame: (bytes) => port.postMessage({ kind: "frame", bytes } satisfies WorkerMessage, [bytes.buffer]),
  });
  const programs = new Programs(plan.compute);
  let ticks = 0;
  let began = 0;
  const checkpoints = new Checkpoints(join(folder, "stages"), (stage, state) => {
    const counted = timedAs(stage);
    if (counted === null) return;
    if (state === "begin") began = performance.now();
    else send({ kind: "stage", stage, timedAs: counted, seconds: (performance.now() - began) / 1000 });
  });

  const run = async (job: Job): Promise<Outcome> => {
    await loadAgain(extensions);
    live.culture = job.index;
    return work(job, {
      plan,
      folder,
      control,
      checkpoints,
      programs,
      place: { kind: "local" },
      log: (entry) => send({ kind: "log", entry }),
      observer: liveObserver(live),
      watch: (tissue) => live.watch(tissue),
      tick: () => {
        if (++ticks % TICKS === 0) send({ kind: "presented", count: TICKS });
        if (control.isPaused && !control.isStopped) {
          live.held();
          control.sleepWhilePaused();
        }
        return control.isStopped;
      },
    });
  };

  port.on("message", (job: Job) => {
    run(job)
      .then((outcome) => {
        checkpoints.forget(job);
        send({ kind: "outcome", job, outcome });
      })
      .catch((error: unknown) => {
        // Between presentations, or at the gate in the midst of one.
        const isStop = error instanceof Stopped || (error instanceof UnsafePulse && error.rule === "stopped");
        if (isStop && control.isStopped) {
          live.stopped();
          send({ kind: "stopped" });
        } else {
          const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
          send({ kind: "failed", name, message, stack });
        }
      });
  });
}
