/** `wetgrad organoid`: the whole experiment. */
import { Command } from "commander";
import { organoidConfig } from "../../experiment/organoid/config.ts";
import { defaultRunName } from "../../experiment/organoid/run-name.ts";
import type { RunHooks } from "../../experiment/run.ts";
import { reportTable } from "../../report/table.ts";
import { checkedAccess, type LiveOptions, withLiveOptions } from "../dashboard/access.ts";
import { seenThrough, watched } from "../dashboard/live-run.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { type ExtensionFlags, extensionsOf, withExtensions } from "../options/extensions.ts";
import { type NatsFlags, natsOptionsOf, withNatsOptions } from "../options/nats.ts";
import { withRunOptions, workersOf } from "../options/run.ts";
import { withSchemaOptions } from "../options/schema.ts";
import { defaultFolder, type OrganoidOptions, organoidConfigOf } from "./options.ts";

const EXAMPLES = `
Examples:
  $ wetgrad organoid --quick                      two seeds, three arms, under a minute
  $ wetgrad organoid --series henon --seeds 10
  $ wetgrad organoid --with examples/twice.mjs --method twice
  $ wetgrad organoid --series temperatures.csv --column mean --out runs/weather
  $ wetgrad organoid --quick --nats nats://127.0.0.1     its culture at a host there (wetgrad vat host)

Ctrl-C stops the stimulation, saves and exits; the same command continues where it stopped.`;

export function organoidCommand(): Command {
  const command = new Command("organoid").description(
    "train a simulated culture to predict a series, beside all its controls, and report",
  );
  withSchemaOptions(command, organoidConfig)
    .option("--quick", "a small experiment: two seeds, three arms, two cycles")
    .option("--live", "show the run on a page while it goes; the page stays until Ctrl-C");
  withRunOptions(withNatsOptions(withExtensions(command)), "one in runs/ named after the experiment");
  return withLiveOptions(command, "--live-port").addHelpText("after", EXAMPLES).action(runCommand);
}

type RunOptions = OrganoidOptions & NatsFlags & LiveOptions & ExtensionFlags;

async function runCommand(options: RunOptions): Promise<void> {
  const extensions = await extensionsOf(options);
  const config = organoidConfigOf(options);
  const workers = workersOf(options);
  const nats = natsOptionsOf(options);
  const folder = options.out ?? defaultFolder(config, extensions);
  writableFolder(folder, "--out");
  const access = options.live ? await checkedAccess(options) : null;
  // Loaded only now, so that help and mistakes in the options answer at once.
  const { runOrganoid } = await import("../../experiment/organoid/run.ts");
  const { sayTissueEvents } = await import("../manners/tissue-events.ts");
  const progress = createProgress(process.stderr);
  const live = access && (await watched({ kind: "organoid", config }, { access, folder, say: progress.say }));
  const run = (signal: AbortSignal) => {
    const hooks: RunHooks = {
      wetgradVersion: packageVersion(),
      workers,
      extensions,
      signal,
      onProgress: progress.update,
      onTissueEvent: sayTissueEvents(progress.say),
      place: nats ? { kind: "nats", nats, vat: defaultRunName(config) } : undefined,
    };
    return runOrganoid(config, folder, live ? live.run.hooks(hooks) : hooks);
  };
  await seenThrough(
    live,
    progress,
    () => interruptible(run, progress.say),
    ({ report, paths }) => {
      if (options.json) printJson({ folder, paths, report });
      else print(`${reportTable(report, stdoutPaint())}\n\nreport: ${paths.html}`);
    },
  );
}
