/**
 * Reads saved runs in a thread of its own, one request at a time: a recording takes long to open and a stretch of it long to read,
 * and the server's thread must hear a stop meanwhile.
 */
import type { Worker } from "node:worker_threads";
import { startThread } from "../../../threads/start.ts";
import { Feed } from "../../feed.ts";
import type { Kept } from "../folder.ts";
import type { SavedAnswer, SavedRequest } from "./thread.ts";

export class SavedReader {
  private thread: Worker | null = null;
  private last: Promise<unknown> = Promise.resolve();

  /** The feed of a run's folder. */
  async feedOf(folder: string, experiment: Kept): Promise<Feed> {
    const { messages, canReplay } = await this.ask({ kind: "open", folder, experiment, index: 0 }, "opened");
    const segment = async (index: number, signal: AbortSignal) =>
      (await this.ask({ kind: "segment", folder, experiment, index }, "frames", signal)).frames;
    const feed = new Feed(canReplay ? { segment } : {});
    for (const message of messages) feed.say(message);
    return feed;
  }

  /** Settles when nothing of a folder is held open any more. */
  async leave(folder: string): Promise<void> {
    await this.last;
    if (this.thread) await this.ask({ kind: "forget", folder }, "forgotten");
  }

  async close(): Promise<void> {
    await this.thread?.terminate();
    this.thread = null;
  }

  private ask<Kind extends SavedAnswer["kind"]>(request: SavedRequest, kind: Kind, signal?: AbortSignal) {
    const answer = this.last.then(async () => {
      signal?.throwIfAborted();
      const found = await this.put(request);
      if (found.kind === "failed") throw new Error(found.message);
      if (found.kind !== kind) throw new Error(`internal: a reader answered ${found.kind}, not ${kind}`);
      return found as Extract<SavedAnswer, { kind: Kind }>;
    });
    this.last = answer.catch(() => {});
    return answer;
  }

  private put(request: SavedRequest): Promise<SavedAnswer> {
    const thread = (this.thread ??= startThread(import.meta.url, "./thread", null));
    thread.ref();
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        thread.off("message", hear).off("error", fail).off("exit", end);
        thread.unref(); // It keeps no process alive that has nothing else to do.
        finish();
      };
      const fail = (error: Error) => {
        this.thread = null; // The next request begins a new one.
        settle(() => reject(error));
      };
      const hear = (found: SavedAnswer) => settle(() => resolve(found));
      const end = () => fail(new Error("reading a saved run has been given up: ask again"));
      thread.on("message", hear).on("error", fail).on("exit", end);
      thread.postMessage(request);
    });
  }
}
