/** A worker thread: takes jobs (a seed and a code each), one at a time, and reports how they go. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { writeSafetensors } from "../compute/safetensors.ts";
import { UnsafePulse } from "../device/gate/unsafe-pulse.ts";
import { compileModels, type ModelPrograms } from "../emulator/one/models.ts";
import { Checkpoints } from "./checkpoint.ts";
import type { Code, OrganoidConfig } from "./config.ts";
import { RunControl } from "./control/control.ts";
import { runJob } from "./job.ts";
import type { JournalEntry } from "./journal/entries.ts";
import { Stopped } from "./lab.ts";
import { Live } from "./live/live.ts";
import type { LiveMessage } from "./live/messages.ts";
import type { Outcome } from "./outcome.ts";
import { prepareSubject } from "./subject.ts";

export interface WorkerData {
  readonly config: OrganoidConfig;
  readonly folder: string;
  /** The flags of a `RunControl`. */
  readonly control: SharedArrayBuffer;
}

export interface Job {
  readonly seed: number;
  readonly code: Code;
  /** Its place in the run's list of jobs. */
  readonly index: number;
}

export type WorkerMessage =
  | { readonly kind: "presented"; readonly count: number }
  | { readonly kind: "log"; readonly entry: JournalEntry }
  | { readonly kind: "live"; readonly message: LiveMessage }
  | { readonly kind: "frame"; readonly bytes: Uint8Array }
  | { readonly kind: "stage"; readonly name: string; readonly seconds: number }
  | { readonly kind: "outcome"; readonly job: Job; readonly outcome: Outcome }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly name: string; readonly message: string; readonly stack: string };

/** Presentations between two progress messages. */
const TICKS = 50;
/** Stages that hold what a cycle was tuned to. */
const TUNING = "-tuning-";

const port = parentPort;
if (port) serve(workerData as WorkerData);

function serve({ config, folder, control: flags }: WorkerData): void {
  if (!port) return;
  const send = (message: WorkerMessage) => port.postMessage(message);
  const control = new RunControl(flags);
  const live = new Live(control, {
    message: (message) => send({ kind: "live", message }),
    frame: (bytes) => port.postMessage({ kind: "frame", bytes } satisfies WorkerMessage, [bytes.buffer]),
  });
  let programs: ModelPrograms | null = null;
  let ticks = 0;
  let began = 0;
  const checkpoints = new Checkpoints(join(folder, "stages"), (name, state) => {
    if (name.includes(TUNING)) return; // Within others, and of no length.
    if (state === "begin") began = performance.now();
    else send({ kind: "stage", name, seconds: (performance.now() - began) / 1000 });
  });

  const work = async ({ seed, code, index }: Job): Promise<Outcome> => {
    live.culture = index;
    const name = `${seed}-${code}`;
    return checkpoints.stage(`outcome-${name}`, async () => {
      const subject = await prepareSubject(config, seed, live);
      programs ??= await compileModels(subject.zones.sensory.length, subject.task.classCount, config.device);
      const lab = {
        config,
        code,
        subject,
        programs,
        checkpoints,
        spool: join(folder, "spool"),
        live,
        log: (entry: JournalEntry) => send({ kind: "log", entry }),
        tuned: async (cycle: number) => {
          const tuning = await checkpoints.stage(`${name}${TUNING}${cycle}`, async () => control.tuning);
          send({ kind: "log", entry: { about: "tuning", value: { seed, code, cycle, ...tuning } } });
          return tuning;
        },
        tick: () => {
          if (++ticks % TICKS === 0) send({ kind: "presented", count: TICKS });
          if (control.isPaused && !control.isStopped) {
            live.held();
            control.sleepWhilePaused();
          }
          return control.isStopped;
        },
      };
      const { outcome, models } = await runJob(lab);
      mkdirSync(join(folder, "models"), { recursive: true });
      await writeSafetensors(join(folder, "models", `${name}.safetensors`), models);
      return outcome;
    });
  };

  port.on("message", (job: Job) => {
    work(job)
      .then((outcome) => {
        checkpoints.forget(`${job.seed}-${job.code}-`, []);
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
