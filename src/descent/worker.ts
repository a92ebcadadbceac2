/** A worker thread: takes jobs (a seed and a code each), one at a time, and reports how they go. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { writeSafetensors } from "../compute/safetensors.ts";
import { Checkpoints } from "./checkpoint.ts";
import type { Code, OrganoidConfig } from "./config.ts";
import { runJob } from "./job.ts";
import { Stopped } from "./lab.ts";
import { compileModels, type ModelPrograms } from "./models.ts";
import type { Outcome } from "./outcome.ts";
import { prepareSubject } from "./subject.ts";

export interface WorkerData {
  readonly config: OrganoidConfig;
  readonly folder: string;
  /** Int32: 1 when the run is to stop. */
  readonly stop: SharedArrayBuffer;
}

export interface Job {
  readonly seed: number;
  readonly code: Code;
}

export type WorkerMessage =
  | { readonly kind: "presented"; readonly count: number }
  | { readonly kind: "log"; readonly about: string; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: "segment" }
  | { readonly kind: "stage"; readonly name: string; readonly seconds: number }
  | { readonly kind: "outcome"; readonly job: Job; readonly outcome: Outcome }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly name: string; readonly message: string; readonly stack: string };

/** Presentations between two progress messages. */
const TICKS = 50;

const port = parentPort;
if (port) serve(workerData as WorkerData);

function serve({ config, folder, stop }: WorkerData): void {
  if (!port) return;
  const send = (message: WorkerMessage) => port.postMessage(message);
  const flag = new Int32Array(stop);
  let programs: ModelPrograms | null = null;
  let ticks = 0;
  let began = 0;
  const checkpoints = new Checkpoints(join(folder, "stages"), (name, state) => {
    if (state === "begin") began = performance.now();
    else send({ kind: "stage", name, seconds: (performance.now() - began) / 1000 });
  });

  const work = async ({ seed, code }: Job): Promise<Outcome> => {
    const name = `${seed}-${code}`;
    return checkpoints.stage(`outcome-${name}`, async () => {
      const subject = await prepareSubject(config, seed);
      programs ??= await compileModels(subject.zones.sensory.length, subject.task.classCount, config.device);
      const lab = {
        ...{ config, code, subject, programs, checkpoints, spool: join(folder, "spool") },
        log: (about: string, value: Readonly<Record<string, unknown>>) => send({ kind: "log", about, value }),
        tick: () => {
          if (++ticks % TICKS === 0) send({ kind: "presented", count: TICKS });
          return Atomics.load(flag, 0) === 1;
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
        if (error instanceof Stopped) send({ kind: "stopped" });
        else {
          const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
          send({ kind: "failed", name, message, stack });
        }
      });
  });
}
