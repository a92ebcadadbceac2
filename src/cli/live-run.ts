/** `--live`: an experiment of this process, shown by a dashboard of its own. */
import { basename, dirname, resolve } from "node:path";
import type { OrganoidConfig } from "../descent/config.ts";
import { Interrupted } from "./errors.ts";
import { interruptible } from "./interrupt.ts";
import { type checkedAccess, startDashboard } from "./live.ts";
import { packageVersion } from "./version.ts";

/** Starts the dashboard of a run that is about to begin, and says where it is. */
export async function watchedRun(
  access: Awaited<ReturnType<typeof checkedAccess>>,
  config: OrganoidConfig,
  folder: string,
  say: (line: string) => void,
) {
  const { RunHost } = await import("../dashboard/runs/host.ts");
  const name = basename(resolve(folder));
  const runs = new RunHost({ folder: dirname(resolve(folder)), wetgradVersion: packageVersion() });
  const run = await runs.attach(name, config);
  const dashboard = await startDashboard(access, runs, say);
  say(`dashboard: ${dashboard.url}#/culture?run=${encodeURIComponent(name)}`);
  return {
    hooks: run.hooks(),
    ended: (error?: Error) => run.ended(error),
    /** On a terminal the page stays, to be looked at; elsewhere the command ends with its run. */
    async untilInterrupted(): Promise<void> {
      if (!process.stderr.isTTY) return;
      say("the page stays until Ctrl-C");
      await interruptible(
        (signal) => new Promise<void>((done) => signal.addEventListener("abort", () => done())),
        () => {},
      ).catch((error: unknown) => {
        if (!(error instanceof Interrupted)) throw error;
      });
    },
    close: () => dashboard.close(),
  };
}
