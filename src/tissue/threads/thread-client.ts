/** This side of a worker thread that holds cultures: one request at a time, each answered before the next is sent. */
import { startThread } from "../../threads/start.ts";
import type { AnswerOf, TissueCommand } from "../commands.ts";
import { type CultureSpec, StepOutOfOrder, type StepPlan, type StepResult } from "../contract.ts";
import type { DishEvent } from "../dish/events.ts";
import type { DishPlace } from "../dish/place.ts";
import type { TissueProfile } from "../profile.ts";
import { readLane, sharedLanes } from "./shared.ts";
import { THREAD_ROLE, type ThreadReply, type ThreadRequest } from "./thread.ts";

/** The dish that a thread drives, and who hears of its link. */
export interface OfDish {
  readonly place: DishPlace;
  readonly onEvent?: ((event: DishEvent) => void) | undefined;
}

export class CultureThread {
  private readonly worker = startThread(import.meta.url, "./thread", { role: THREAD_ROLE });
  private readonly memory: SharedArrayBuffer;
  private readonly lanes: ReadonlyMap<number, number>;
  private profiles: readonly TissueProfile[] = [];
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly specs: readonly CultureSpec[],
    private readonly stop: SharedArrayBuffer,
    private readonly dish?: OfDish,
  ) {
    this.memory = sharedLanes(specs.length);
    this.lanes = new Map(specs.map(({ brain }, lane) => [brain, lane]));
  }

  holds(brain: number): boolean {
    return this.lanes.has(brain);
  }

  /** Of a culture that it holds; known once it is open. */
  profile(brain: number): TissueProfile {
    return this.profiles[this.laneOf(brain)];
  }

  open(onGrown?: (brain: number) => void): Promise<void> {
    return this.ask(
      {
        kind: "open",
        specs: this.specs,
        memory: this.memory,
        stop: this.stop,
        ...(this.dish && { dish: this.dish.place }),
      },
      (reply) => {
        if (reply.kind === "opened") this.profiles = reply.profiles;
      },
      onGrown,
    );
  }

  /** Spikes are read from shared memory before anything else can be asked. */
  step(step: number, plans: readonly StepPlan[]): Promise<StepResult[]> {
    return this.ask({ kind: "step", step, plans }, (reply) => {
      const long = reply.kind === "stepped" ? reply.long : [];
      return plans.map(
        ({ brain }) =>
          long.find((result) => result.brain === brain) ?? readLane(this.memory, this.laneOf(brain), brain),
      );
    });
  }

  perform<Command extends TissueCommand>(brain: number, command: Command): Promise<AnswerOf<Command>> {
    return this.ask({ kind: "perform", brain, command }, (reply) => {
      if (reply.kind !== "performed")
        throw new Error(`expected an answer to ${command.kind}, got ${reply.kind}`);
      return reply.answer as AnswerOf<Command>;
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

  private laneOf(brain: number): number {
    const lane = this.lanes.get(brain);
    if (lane === undefined) throw new RangeError(`vat: no brain ${brain} is held in this thread`);
    return lane;
  }

  private ask<Result>(
    request: ThreadRequest,
    read: (reply: ThreadReply) => Result,
    onGrown?: (brain: number) => void,
  ): Promise<Result> {
    const answer = this.queue.then(async () => read(await this.answerOf(request, onGrown)));
    this.queue = answer.catch(() => {});
    return answer;
  }

  private answerOf(request: ThreadRequest, onGrown?: (brain: number) => void): Promise<ThreadReply> {
    const { worker, dish } = this;
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        finish();
      };
      const onMessage = (reply: ThreadReply) => {
        if (reply.kind === "event") dish?.onEvent?.(reply.event);
        else if (reply.kind === "grown") onGrown?.(reply.brain);
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
}

/** The error of the other thread, of its own kind again. */
function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  return name === "StepOutOfOrder"
    ? new StepOutOfOrder(message)
    : Object.assign(new Error(message), { name });
}
