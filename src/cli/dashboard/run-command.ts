/** An experiment as a command runs it: its progress, its page if asked for, Ctrl-C, and what is printed at the end. */
import type { Experiment } from "../../experiment/plans.ts";
import type { RunHooks } from "../../experiment/run.ts";
import { reportTable } from "../../report/table.ts";
import { openInBrowser } from "../manners/browser.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { checkedAccess, type LiveOptions } from "./access.ts";
import { seenThrough, watched } from "./live-run.ts";

export interface RunCommand extends Pick<RunHooks, "extensions" | "workers" | "place"> {
  readonly folder: string;
  readonly options: LiveOptions & {
    readonly live?: boolean;
    readonly json?: boolean;
    readonly open?: boolean;
  };
}

export async function runCommandOf(
  experiment: Experiment,
  { folder, options, ...hooks }: RunCommand,
): Promise<void> {
  writableFolder(folder, "--out");
  const access = options.live ? await checkedAccess(options) : null;
  // Loaded only now, so that help and mistakes in the options answer at once.
  const { runReported } = await import("../../experiment/reported.ts");
  const { sayTissueEvents } = await import("../manners/tissue-events.ts");
  const progress = createProgress(process.stderr);
  const live = access && (await watched(experiment, { access, folder, say: progress.say }));
  if (live && options.open) await openInBrowser(live.url, progress.say);
  const run = (signal: AbortSignal) => {
    const all: RunHooks = {
      ...hooks,
      wetgradVersion: packageVersion(),
      signal,
      onProgress: progress.update,
      onTissueEvent: sayTissueEvents(progress.say),
    };
    return runReported(experiment, folder, live ? live.run.hooks(all) : all);
  };
  await seenThrough(
    live,
    progress,
    () => interruptible(run, progress.say),
    async ({ report, paths }) => {
      if (options.json) printJson({ folder, paths, report });
      else print(`${reportTable(report, stdoutPaint())}\n\nreport: ${paths.html}`);
      if (options.open && !live) await openInBrowser(paths.html, progress.say);
    },
  );
}
