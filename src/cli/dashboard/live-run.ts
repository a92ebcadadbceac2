/** `--live`: an experiment of this process, shown by a dashboard of its own. */
import { basename, dirname, resolve } from "node:path";
import type { Experiment } from "../../experiment/plans.ts";
import { Stopped } from "../../tissue/stopped.ts";
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
  tell: (result: Result) => Promise<void> | void,
): Promise<void> {
  try {
    const result = await run();
    progress.end();
    live?.ended();
    await tell(result);
    await live?.untilInterrupted();
  } catch (error) {
    progress.end();
    live?.ended(error as Error);
    if (error instanceof Stopped)
      throw new Interrupted("stopped from the dashboard; the same command continues");
    throw error;
  } finally {
    await live?.close();
  }
}

/** Where a run is shown: who may look, the run's folder, and what says where the page is. */
export interface Page {
  readonly access: Awaited<ReturnType<typeof checkedAccess>>;
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Starts the dashboard of a run that is about to begin, and says where it is. */
export async function watched(experiment: Experiment, { access, folder, say }: Page) {
  const { RunHost } = await import("../../dashboard/runs/host.ts");
  const name = basename(resolve(folder));
  const runs = new RunHost({ folder: dirname(resolve(folder)), wetgradVersion: packageVersion() });
  const run = await runs.attach(name, experiment);
  const dashboard = await startDashboard(access, runs, say);
  const view = experiment.kind === "vat" ? "task" : "culture";
  const url = `${dashboard.url}#/${view}?run=${encodeURIComponent(name)}`;
  say(`dashboard: ${url}`);
  return {
    run,
    url,
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
