/** `--live`: an experiment of this process, shown by a dashboard of its own. */
import { basename, dirname, resolve } from "node:path";
import type { RunHost } from "../../dashboard/runs/host.ts";
import type { LiveRun } from "../../dashboard/runs/live-run.ts";
import type { OrganoidConfig } from "../../experiment/config.ts";
import type { VatConfig } from "../../experiment/vat/config.ts";
import { Interrupted } from "../manners/errors.ts";
import { interruptible } from "../manners/interrupt.ts";
import type { Progress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { type checkedAccess, startDashboard } from "./access.ts";

/** What a command needs of the page that shows its run. */
export interface Shown {
  ended(error?: Error): void;
  untilInterrupted(): Promise<void>;
  close(): Promise<void>;
}

/** Sees a run through to its end, on a page or not; a stop from the page is an interruption like any other. */
export async function seenThrough<Result>(
  live: Shown | null,
  progress: Progress,
  run: () => Promise<Result>,
  tell: (result: Result) => void,
): Promise<void> {
  try {
    const result = await run();
    progress.end();
    live?.ended();
    tell(result);
    await live?.untilInterrupted();
  } catch (error) {
    progress.end();
    live?.ended(error as Error);
    if ((error as Error).name === "Stopped")
      throw new Interrupted("stopped from the dashboard; the same command continues");
    throw error;
  } finally {
    await live?.close();
  }
}

type Access = Awaited<ReturnType<typeof checkedAccess>>;

/** Starts the dashboard of a run that is about to begin, and says where it is. */
export async function watchedRun(
  access: Access,
  config: OrganoidConfig,
  folder: string,
  say: (line: string) => void,
) {
  return watched(access, folder, say, "culture", (runs, name) => runs.attach(name, config));
}

/** The same of a vat. */
export async function watchedVat(
  access: Access,
  config: VatConfig,
  folder: string,
  say: (line: string) => void,
) {
  return watched(access, folder, say, "task", async (runs, name) => runs.attachVat(name, config));
}

async function watched<Run extends LiveRun>(
  access: Access,
  folder: string,
  say: (line: string) => void,
  view: string,
  attach: (runs: RunHost, name: string) => Promise<Run>,
) {
  const { RunHost } = await import("../../dashboard/runs/host.ts");
  const name = basename(resolve(folder));
  const runs = new RunHost({ folder: dirname(resolve(folder)), wetgradVersion: packageVersion() });
  const run = await attach(runs, name);
  const dashboard = await startDashboard(access, runs, say);
  say(`dashboard: ${dashboard.url}#/${view}?run=${encodeURIComponent(name)}`);
  return {
    run,
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
    close: async () => {
      await runs.close();
      await dashboard.close();
    },
  };
}
