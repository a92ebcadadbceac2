/** This side of a worker thread that holds brains: one request at a time, each answered before the next is sent. */
import type { Worker } from "node:worker_threads";
import { startThread } from "../../threads/start.ts";
import { type BrainSpec, StepOutOfOrder, type StepPlan, type StepResult } from "../contract.ts";
import { readLane, sharedLanes } from "./shared.ts";
import { THREAD_ROLE, type ThreadReply, type ThreadRequest } from "./thread.ts";

export class BrainThread {
  private readonly worker = startThread(import.meta.url, "./thread", { role: THREAD_ROLE });
  private readonly memory: SharedArrayBuffer;
  private readonly lanes: ReadonlyMap<number, number>;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly specs: readonly BrainSpec[],
    private readonly control: SharedArrayBuffer,
  ) {
    this.memory = sharedLanes(specs.length);
    this.lanes = new Map(specs.map(({ brain }, lane) => [brain, lane]));
  }

  holds(brain: number): boolean {
    return this.lanes.has(brain);
  }

  open(onGrown?: (brain: number) => void): Promise<ThreadReply> {
    return this.ask(
      { kind: "open", specs: this.specs, memory: this.memory, control: this.control },
      (reply) => reply,
      onGrown,
    );
  }

  /** Spikes are read from shared memory before anything else can be asked. */
  step(step: number, plans: readonly StepPlan[]): Promise<StepResult[]> {
    return this.ask({ kind: "step", step, plans }, (reply) => {
      const long = reply.kind === "stepped" ? reply.long : [];
      return plans.map(
        ({ brain }) =>
          long.find((result) => result.brain === brain) ??
          readLane(this.memory, this.lanes.get(brain)!, brain),
      );
    });
  }

  snapshot(brains: readonly number[]): Promise<readonly Uint8Array[]> {
    return this.ask({ kind: "snapshot", brains }, (reply) =>
      reply.kind === "snapshots" ? reply.snapshots : [],
    );
  }

  restore(step: number, brains: readonly number[], snapshots: readonly Uint8Array[]): Promise<ThreadReply> {
    return this.ask({ kind: "restore", step, brains, snapshots }, (reply) => reply);
  }

  async close(): Promise<void> {
    await this.ask({ kind: "close" }, () => {}).catch(() => {});
    await this.worker.terminate();
  }

  private ask<Result>(
    request: ThreadRequest,
    read: (reply: ThreadReply) => Result,
    onGrown?: (brain: number) => void,
  ): Promise<Result> {
    const answer = this.queue.then(async () => read(await answerOf(this.worker, request, onGrown)));
    this.queue = answer.catch(() => {});
    return answer;
  }
}

function answerOf(
  worker: Worker,
  request: ThreadRequest,
  onGrown?: (brain: number) => void,
): Promise<ThreadReply> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      finish();
    };
    const onMessage = (reply: ThreadReply) => {
      if (reply.kind === "grown") onGrown?.(reply.brain);
      else if (reply.kind === "failed") settle(() => reject(errorOf(reply)));
      else settle(() => resolve(reply));
    };
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`vat: a worker thread ended with code ${code}`)));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(request);
  });
}

/** The error of the other thread, of its own kind again. */
function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  return name === "StepOutOfOrder"
    ? new StepOutOfOrder(message)
    : Object.assign(new Error(message), { name });
}
