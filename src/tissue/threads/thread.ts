/** A worker thread that holds some cultures of a vat; the other end of threads.ts. */
import { parentPort, workerData } from "node:worker_threads";
import type { TissueCommand } from "../commands.ts";
import type { CultureSpec, StepPlan, StepResult, Tissue } from "../contract.ts";
import type { DishEvent } from "../dish/events.ts";
import type { DishPlace } from "../dish/place.ts";
import { localTissue } from "../local.ts";
import type { TissueProfile } from "../profile.ts";
import { StopFlag } from "../stop-flag.ts";
import { writeLane } from "./shared.ts";

export type ThreadRequest =
  | {
      readonly kind: "open";
      readonly specs: readonly CultureSpec[];
      readonly memory: SharedArrayBuffer;
      readonly stop: SharedArrayBuffer;
      /** The one culture is a dish. */
      readonly dish?: DishPlace | undefined;
    }
  | { readonly kind: "step"; readonly step: number; readonly plans: readonly StepPlan[] }
  | { readonly kind: "perform"; readonly brain: number; readonly command: TissueCommand }
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
  | { readonly kind: "event"; readonly event: DishEvent }
  | { readonly kind: "opened"; readonly profiles: readonly TissueProfile[] }
  /** Results that do not fit into their lanes. */
  | { readonly kind: "stepped"; readonly long: readonly StepResult[] }
  | { readonly kind: "performed"; readonly answer: unknown }
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
  let tissue = localTissue();
  const lanes = new Map<number, number>();
  let memory = new SharedArrayBuffer(0);
  return async (request) => {
    switch (request.kind) {
      case "open":
        memory = request.memory;
        tissue = await tissueOf(request, (event) => send({ kind: "event", event }));
        request.specs.forEach(({ brain }, lane) => {
          lanes.set(brain, lane);
        });
        await tissue.open(request.specs, (brain) => send({ kind: "grown", brain }));
        return { kind: "opened", profiles: request.specs.map(({ brain }) => tissue.profile(brain)) };
      case "step": {
        const results = await tissue.step(request.step, request.plans);
        const long = results.filter((result) => !writeLane(memory, lanes.get(result.brain)!, result));
        return { kind: "stepped", long };
      }
      case "perform":
        return { kind: "performed", answer: await tissue.perform(request.brain, request.command) };
      case "snapshot":
        return { kind: "snapshots", snapshots: await tissue.snapshot(request.brains) };
      case "restore":
        await tissue.restore(request.step, request.brains, request.snapshots);
        return { kind: "done" };
      case "close":
        await tissue.close();
        return { kind: "done" };
    }
  };
}

async function tissueOf(
  { dish, stop }: Extract<ThreadRequest, { kind: "open" }>,
  onEvent: (event: DishEvent) => void,
): Promise<Tissue> {
  const flag = new StopFlag(stop);
  if (!dish) return localTissue(flag);
  const { dishTissue } = await import("../dish/tissue.ts");
  return dishTissue(dish, { stop: flag, onEvent });
}
