/**
 * The process that is stopped: a dashboard with a run that goes on, whose thread stimulates, and the command line's way of
 * hearing Ctrl-C. `target.js FLOOD FOLDER`; one run after the other, each begun by a message from the bench.
 */
import type { Worker } from "node:worker_threads";
import { interruptible } from "../../src/cli/manners/interrupt.ts";
import { RunHost } from "../../src/dashboard/runs/host.ts";
import { serveDashboard } from "../../src/dashboard/server/server.ts";
import { organoidConfig } from "../../src/experiment/organoid/config.ts";
import { startThread } from "../../src/threads/start.ts";
import { Stopped } from "../../src/tissue/stopped.ts";
import { LIVE } from "./flood.ts";
import type { TissueMessage } from "./tissue.ts";

export type TargetMessage = { readonly kind: "serving"; readonly url: string } | TissueMessage;

const [, , flood, folder] = process.argv;
const send = (message: TargetMessage) => process.send?.(message);

if (process.send) await serve();

async function serve(): Promise<void> {
  const runs = new RunHost({ folder, wetgradVersion: "bench", workers: 1 });
  const { url } = await serveDashboard({ host: "127.0.0.1", port: 0, token: "0123456789abcdef", runs });
  const tissue = startThread(import.meta.url, "./tissue", flood);
  process.on("message", () => void stimulate(runs, tissue));
  process.on("disconnect", () => process.exit());
  send({ kind: "serving", url });
}

/** A run of the dashboard that stimulates until it is stopped. */
async function stimulate(runs: RunHost, tissue: Worker): Promise<void> {
  const run = await attached(runs);
  let deliveredAtMs = 0;
  const listened = run.control.listen();
  const going = (signal: AbortSignal) => {
    run.hooks({ wetgradVersion: "bench", signal });
    return new Promise<void>((resolve) => {
      const hear = (message: TissueMessage) => {
        if (message.kind === "stimulating") return send(message);
        tissue.off("message", hear);
        ({ deliveredAtMs } = message);
        resolve();
      };
      tissue.on("message", hear);
      tissue.postMessage(run.control.buffer);
    });
  };
  await interruptible(going, () => {}).catch(() => {});
  listened();
  run.ended(new Stopped());
  send({ kind: "stopped", deliveredAtMs });
}

/** A run that was started between two of ours is stopped first. */
async function attached(runs: RunHost) {
  for (;;) {
    try {
      return await runs.attach(LIVE, { kind: "organoid", config: organoidConfig.parse({}) });
    } catch {
      runs.stop();
      await runs.ended();
    }
  }
}
