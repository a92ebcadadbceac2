/** `wetgrad serve`: the dashboard, to look at finished runs and to start new ones. */
import { basename, resolve } from "node:path";
import { Command } from "commander";
import { openInBrowser } from "../manners/browser.ts";
import { Interrupted, UsageError } from "../manners/errors.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { checkedAccess, type LiveOptions, startDashboard, withLiveOptions } from "./access.ts";

interface ServeOptions extends LiveOptions {
  readonly runs: string;
  readonly json?: boolean;
  readonly open?: boolean;
}

const EXAMPLES = `
Examples:
  $ wetgrad serve                              all runs in runs/, and a form to start one
  $ wetgrad serve runs/laser-1a2b3c4d
  $ wetgrad serve --host 0.0.0.0 --token-file token --port 8080

The address that is printed holds a token: who has it can look, start and stop. Ctrl-C ends the server, and first stops
and saves a run that was started from the page.`;

export function dashboardCommand(): Command {
  const command = new Command("serve")
    .description("open the dashboard: experiments as they happen, and finished ones")
    .argument("[run]", "folder of a run to open")
    .option("--runs <dir>", "folder that holds the runs", "runs")
    .option("--open", "show the page in the browser")
    .option("--json", "print the address as JSON");
  return withLiveOptions(command, "--port").addHelpText("after", EXAMPLES).action(serve);
}

async function serve(run: string | undefined, options: ServeOptions): Promise<void> {
  const access = await checkedAccess(options);
  const { RunHost } = await import("../../dashboard/runs/host.ts");
  const { readRun } = await import("../../dashboard/runs/folder.ts");
  const { isReader } = await import("../../dashboard/runs/readers/run.ts");
  let view = "culture";
  if (run !== undefined) {
    try {
      if (isReader(readRun(run))) view = "task";
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  }
  const runs = new RunHost({ folder: options.runs, also: run, wetgradVersion: packageVersion() });
  const progress = createProgress(process.stderr);
  const dashboard = await startDashboard(access, runs, progress.say);
  const url = run === undefined ? dashboard.url : `${dashboard.url}#/${view}?run=${basename(resolve(run))}`;
  if (options.json) print(JSON.stringify({ url, port: dashboard.port }));
  else print(`dashboard: ${url}`);
  if (options.open) await openInBrowser(url, progress.say);
  try {
    await interruptible(
      (signal) => new Promise<void>((done) => signal.addEventListener("abort", () => done())),
      () => {},
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error; // Ctrl-C is how serving ends
  } finally {
    await runs.close();
    await dashboard.close();
  }
}
