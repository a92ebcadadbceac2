/** A worker thread that holds some brains of a vat; the other end of threads.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { RunControl } from "../../experiment/control/control.ts";
import type { BrainSpec, StepPlan, StepResult } from "../contract.ts";
import { plainHolder } from "../local.ts";
import { writeLane } from "./shared.ts";

export type ThreadRequest =
  | {
      readonly kind: "open";
      readonly specs: readonly BrainSpec[];
      readonly memory: SharedArrayBuffer;
      readonly control: SharedArrayBuffer;
    }
  | { readonly kind: "step"; readonly step: number; readonly plans: readonly StepPlan[] }
  | { readonly kind: "snapshot"; readonly brains: readonly number[] }
  | {
      readonly kind: "restore";
      readonly step: number;
      readonly brains: readonly number[];
      readonly snapshots: readonly Uint8Array[];
    }
  | { readonly kind: "close" };

export type ThreadReply =
  | { readonly kind: "grown"; readonly brain: number }
  /** Results too long for their lanes. */
  | { readonly kind: "stepped"; readonly long: readonly StepResult[] }
  | { readonly kind: "snapshots"; readonly snapshots: readonly Uint8Array[] }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly name: string; readonly message: string };

/** Says that this thread was started by threads.ts. */
export const THREAD_ROLE = "vat-brains";

const port = parentPort;
if (port && (workerData as { role?: unknown } | null)?.role === THREAD_ROLE) {
  const serve = server((reply) => port.postMessage(reply));
  port.on("message", (request: ThreadRequest) => {
    serve(request)
      .then((reply) => port.postMessage(reply))
      .catch((error: unknown) => {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        port.postMessage({ kind: "failed", name, message } satisfies ThreadReply);
      });
  });
}

function server(send: (reply: ThreadReply) => void): (request: ThreadRequest) => Promise<ThreadReply> {
  let holder = plainHolder();
  const lanes = new Map<number, number>();
  let memory = new SharedArrayBuffer(0);
  return async (request) => {
    switch (request.kind) {
      case "open":
        memory = request.memory;
        holder = plainHolder(new RunControl(request.control));
        request.specs.forEach(({ brain }, lane) => {
          lanes.set(brain, lane);
        });
        await holder.open(request.specs, (brain) => send({ kind: "grown", brain }));
        return { kind: "done" };
      case "step": {
        const results = await holder.step(request.step, request.plans);
        const long = results.filter((result) => !writeLane(memory, lanes.get(result.brain)!, result));
        return { kind: "stepped", long };
      }
      case "snapshot":
        return { kind: "snapshots", snapshots: await holder.snapshot(request.brains) };
      case "restore":
        await holder.restore(request.step, request.brains, request.snapshots);
        return { kind: "done" };
      case "close":
        await holder.close();
        return { kind: "done" };
    }
  };
}
