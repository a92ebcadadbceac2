/** A worker thread that keeps cultures of a host; the other end of threads.ts. Requests are done in the order they come. */
import { parentPort, workerData } from "node:worker_threads";
import { monotonicMs } from "../../../device/time.ts";
import type { CultureSpec, StepPlan, StepResult } from "../../contract.ts";
import { HeldCulture } from "../../held-culture.ts";
import type { Ability, TissueProfile } from "../../profile.ts";
import { LeaseLost } from "../server/lease-lost.ts";

export const THREAD_ROLE = "wetgrad-host-thread";

export type ThreadTask =
  | { readonly kind: "grow"; readonly spec: CultureSpec; readonly stopped: SharedArrayBuffer }
  | {
      readonly kind: "revive";
      readonly spec: CultureSpec;
      readonly step: number;
      readonly snapshot: Uint8Array;
      readonly stopped: SharedArrayBuffer;
    }
  /** `until`: when the host's lease ends, on the clock of `monotonicMs`. */
  | { readonly kind: "run"; readonly step: number; readonly plan: StepPlan; readonly until: number }
  | { readonly kind: "snapshot" }
  | { readonly kind: "restore"; readonly step: number; readonly snapshot: Uint8Array }
  | { readonly kind: "close" };

export interface ThreadRequest {
  readonly id: number;
  /** Which culture of the thread. */
  readonly key: number;
  readonly task: ThreadTask;
}

export interface Done {
  /** Of a culture that has just come up. */
  readonly profile?: TissueProfile;
  readonly nextStep: number;
  readonly computeUs: number;
  readonly result?: StepResult;
  readonly snapshot?: Uint8Array;
}

export type ThreadReply =
  | { readonly id: number; readonly done: Done }
  | { readonly id: number; readonly failed: { readonly name: string; readonly message: string } };

interface Kept {
  readonly brain: HeldCulture;
  /** Int32: 1 as soon as the culture is not to be stimulated any more. */
  readonly stopped: Int32Array;
}

if (parentPort && (workerData as { role?: string } | null)?.role === THREAD_ROLE) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
  const kept = new Map<number, Kept>();
  let queue = Promise.resolve();
  port.on("message", (requests: readonly ThreadRequest[]) => {
    queue = queue.then(async () => {
      let replies: ThreadReply[] = [];
      for (const [i, { id, key, task }] of requests.entries()) {
        try {
          replies.push({ id, done: await perform(kept, key, task) });
        } catch (error) {
          const { name, message } = error as Error;
          replies.push({ id, failed: { name, message } });
        }
        // Steps that were asked for together are answered together; whatever takes longer is answered at once.
        if (task.kind === "run" && i + 1 < requests.length) continue;
        port.postMessage(replies, buffersOf(replies));
        replies = [];
      }
    });
  });
}

/** Snapshots are handed over, not copied. */
function buffersOf(replies: readonly ThreadReply[]): ArrayBuffer[] {
  return replies.flatMap((reply) => {
    const buffer = "done" in reply ? reply.done.snapshot?.buffer : undefined;
    return buffer instanceof ArrayBuffer ? [buffer] : [];
  });
}

async function perform(kept: Map<number, Kept>, key: number, task: ThreadTask): Promise<Done> {
  if (task.kind === "grow" || task.kind === "revive") {
    const brain =
      task.kind === "grow"
        ? await HeldCulture.grow(task.spec)
        : HeldCulture.revive(task.spec, task.step, task.snapshot);
    kept.set(key, { brain, stopped: new Int32Array(task.stopped) });
    return { nextStep: brain.nextStep, computeUs: 0, profile: hostedProfile(brain.profile) };
  }
  const { brain, stopped } = kept.get(key) ?? {};
  if (!brain || !stopped) throw new Error("the brain is not kept here any more");
  const done = (rest: object = {}) => ({ nextStep: brain.nextStep, computeUs: 0, ...rest });
  switch (task.kind) {
    case "run": {
      if (Atomics.load(stopped, 0) === 1 || monotonicMs() >= task.until)
        throw new LeaseLost(`brain ${brain.brain}: the host may not stimulate it any more`);
      const began = performance.now();
      const result = await brain.run(task.step, task.plan);
      return done({ result, computeUs: Math.round(1000 * (performance.now() - began)) });
    }
    case "snapshot":
      return done({ snapshot: new Uint8Array(brain.snapshot()) });
    case "restore":
      brain.restore(task.step, task.snapshot);
      return done();
    case "close":
      kept.delete(key);
      await brain.close();
      return done();
  }
}

/** What can be asked of a culture through messages; the rest of its abilities stays in its process. */
const HOSTED: ReadonlySet<Ability> = new Set<Ability>(["restore", "plasticity", "reward"]);

function hostedProfile(profile: TissueProfile): TissueProfile {
  return { ...profile, abilities: profile.abilities.filter((ability) => HOSTED.has(ability)) };
}
