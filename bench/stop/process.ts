/** The process that is stopped, as the bench sees it. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { WebSocket } from "ws";
import { monotonicMs } from "../../src/device/time.ts";
import { say } from "./page.ts";
import type { TargetMessage } from "./target.ts";

export const WAYS = ["page", "second-page", "ctrl-c", "sigterm"] as const;
export type Way = (typeof WAYS)[number];
/** A stop that takes longer was not obeyed. */
const LONGEST_MS = 60_000;

export class Target {
  private readonly process: ChildProcess;

  constructor(flood: string, folder: string) {
    const isSource = import.meta.url.endsWith(".ts");
    const script = new URL(isSource ? "./target.ts" : "./target.js", import.meta.url);
    this.process = fork(fileURLToPath(script), [flood, folder], {
      execArgv: isSource ? ["--import", "tsx"] : [],
    });
  }

  next<Kind extends TargetMessage["kind"]>(kind: Kind): Promise<Extract<TargetMessage, { kind: Kind }>> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        this.process.off("message", hear).off("exit", ended);
        finish();
      };
      const hear = (message: TargetMessage) => {
        if (message.kind === kind) settle(() => resolve(message as Extract<TargetMessage, { kind: Kind }>));
      };
      const ended = () => settle(() => reject(new Error(`bench stop: the process ended before "${kind}"`)));
      const late = () => settle(() => reject(new Error(`bench stop: no "${kind}" in ${LONGEST_MS} ms`)));
      const timer = setTimeout(late, LONGEST_MS);
      this.process.on("message", hear).on("exit", ended);
    });
  }

  /** Has a run stimulate. */
  async begin(): Promise<void> {
    const stimulating = this.next("stimulating");
    this.process.send("begin");
    await stimulating;
  }

  /** Stops the run, and says for how long pulses went out after that, ms. */
  async stop(way: Way, pages: { readonly page: WebSocket; readonly second: WebSocket }): Promise<number> {
    const stopped = this.next("stopped");
    const askedAtMs = monotonicMs();
    if (way === "ctrl-c") this.process.kill("SIGINT");
    else if (way === "sigterm") this.process.kill("SIGTERM");
    else say(way === "page" ? pages.page : pages.second, { kind: "stop", atMs: Date.now() });
    const { deliveredAtMs } = await stopped;
    return Math.max(0, deliveredAtMs - askedAtMs);
  }

  end(): void {
    this.process.disconnect();
  }
}
