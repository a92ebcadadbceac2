/** Worker threads that keep a host's cultures, so that its leases are renewed however long a culture takes. */
import { startThread } from "../../../threads/start.ts";
import type { CultureSpec, StepPlan, StepResult } from "../../contract.ts";
import type { TissueProfile } from "../../profile.ts";
import { LeaseLost } from "../server/lease-lost.ts";
import type { HostedCulture } from "./hosted-culture.ts";
import { type Done, THREAD_ROLE, type ThreadReply, type ThreadRequest, type ThreadTask } from "./thread.ts";

interface Waiting {
  readonly resolve: (done: Done) => void;
  readonly reject: (error: Error) => void;
}

export class CultureThreads {
  private readonly threads: Thread[];

  constructor(count: number) {
    this.threads = Array.from({ length: count }, () => new Thread());
  }

  grow(spec: CultureSpec): Promise<HostedCulture> {
    return this.begin((stopped) => ({ kind: "grow", spec, stopped }));
  }

  revive(spec: CultureSpec, step: number, snapshot: Uint8Array): Promise<HostedCulture> {
    return this.begin((stopped) => ({ kind: "revive", spec, step, snapshot, stopped }));
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }

  private async begin(task: (stopped: SharedArrayBuffer) => ThreadTask): Promise<HostedCulture> {
    const thread = this.threads.reduce((least, one) => (one.brains < least.brains ? one : least));
    const stopped = new SharedArrayBuffer(4);
    const key = thread.nextKey();
    const { profile, nextStep } = await thread.ask(key, task(stopped));
    if (!profile) throw new Error("expected the profile of a brain that has come up, got none");
    return new ThreadCulture({ thread, key, stopped: new Int32Array(stopped), profile, nextStep });
  }
}

class Thread {
  brains = 0;
  private keys = 0;
  private ids = 0;
  private readonly worker = startThread(import.meta.url, "./thread", { role: THREAD_ROLE });
  private readonly waiting = new Map<number, Waiting>();
  private readonly requests: ThreadRequest[] = [];
  private fault: Error | undefined;

  constructor() {
    this.worker.on("message", (replies: readonly ThreadReply[]) => {
      for (const reply of replies) {
        const waiting = this.waiting.get(reply.id);
        this.waiting.delete(reply.id);
        if ("done" in reply) waiting?.resolve(reply.done);
        else waiting?.reject(errorOf(reply.failed));
      }
    });
    this.worker.on("error", (error) => this.fail(error));
    this.worker.on("exit", () => this.fail(new Error("the host's worker thread has ended")));
  }

  nextKey(): number {
    this.brains++;
    return this.keys++;
  }

  ask(key: number, task: ThreadTask): Promise<Done> {
    if (this.fault) return Promise.reject(this.fault);
    const id = this.ids++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      // What is asked in one turn of the event loop, such as a step of all cultures, goes as one message.
      if (this.requests.length === 0)
        process.nextTick(() => this.worker.postMessage(this.requests.splice(0)));
      this.requests.push({ id, key, task });
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.fault ??= error;
    for (const { reject } of this.waiting.values()) reject(this.fault);
    this.waiting.clear();
  }
}

/** A culture in its thread, as it has come up. */
interface KeptCulture {
  readonly thread: Thread;
  readonly key: number;
  /** 1 as soon as it is not to be stimulated any more. */
  readonly stopped: Int32Array;
  readonly profile: TissueProfile;
  readonly nextStep: number;
}

class ThreadCulture implements HostedCulture {
  readonly profile: TissueProfile;
  nextStep: number;
  computeUs = 0;
  private closed = false;

  constructor(private readonly kept: KeptCulture) {
    this.profile = kept.profile;
    this.nextStep = kept.nextStep;
  }

  async run(step: number, plan: StepPlan, until: number): Promise<StepResult> {
    const { result } = await this.ask({ kind: "run", step, plan, until });
    return result!;
  }

  async snapshot(): Promise<Uint8Array> {
    return (await this.ask({ kind: "snapshot" })).snapshot!;
  }

  async restore(step: number, snapshot: Uint8Array): Promise<void> {
    await this.ask({ kind: "restore", step, snapshot });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const { thread, key, stopped } = this.kept;
    Atomics.store(stopped, 0, 1); // seen before what is waiting in the thread
    thread.brains--;
    await thread.ask(key, { kind: "close" }).catch(() => undefined);
  }

  private async ask(task: ThreadTask): Promise<Done> {
    const done = await this.kept.thread.ask(this.kept.key, task);
    this.nextStep = done.nextStep;
    this.computeUs = done.computeUs;
    return done;
  }
}

/** The error of the other thread, of its own kind again. */
function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  return name === "LeaseLost" ? new LeaseLost(message) : Object.assign(new Error(message), { name });
}
