/** `wetgrad organoid`: the whole experiment. */
import { Command, Option } from "commander";
import { reportTable } from "../../report/table.ts";
import { verdictOf } from "../../report/verdict.ts";
import { checkedAccess, type LiveOptions, withLiveOptions } from "../dashboard/access.ts";
import { seenThrough, watchedRun } from "../dashboard/live-run.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { defaultFolder, type OrganoidOptions, organoidConfigOf, workersOf } from "./options.ts";

const EXAMPLES = `
Examples:
  $ wetgrad organoid --quick                      two seeds, three arms, under a minute
  $ wetgrad organoid --series henon --seeds 10
  $ wetgrad organoid --series temperatures.csv --column mean --out runs/weather

Ctrl-C stops the stimulation, saves and exits; the same command continues where it stopped.`;

export function organoidCommand(): Command {
  const command = new Command("organoid")
    .description("train a simulated culture to predict a series, beside all its controls, and report")
    .option("--series <name|file>", "built-in series or a CSV file (default: laser)")
    .option("--column <name|number>", "column of the CSV file, where it has several")
    .option("--seeds <n>", "cultures per arm (default: 8)")
    .option("--first-seed <n>", "the first seed (default: 1)")
    .option("--cycles <n>", "cycles of record, fit, descend, write, probe (default: 4)")
    .option("--presentations <n>", "presentations in each cycle (default: 200)")
    .option("--method <name>", "stimulate, direct, incremental, forward-forward, reward (default: stimulate)")
    .option(
      "--step-budget <share>",
      "method incremental: most that a synapse may move in a cycle (default: 0.1)",
    )
    .option("--arms <a,b,...>", "descent and the method's controls (default: all)")
    .option("--code <a,b>", "assigned, free (default: both)")
    .option("--div <days>", "age of the culture in days in vitro (default: 21)")
    .option("--neurons <n>", "neurons of the culture (default: 1000)")
    .option("--preset <name>", "default (bursts when left alone) or quiet")
    .option("--retention <seconds>", "spontaneous activity before the last probe (default: 600)")
    .option("--limits <file>", "JSON of your own stimulation limits, over the safety gate's defaults")
    .option("--out <dir>", "folder of the run (default: one in runs/ named after the experiment)")
    .option("--workers <n>", "worker threads (default: one per core)")
    .option("--device <name>", "what computes the emulator: cpu, webgpu, cuda, jaxjs (default: cpu)")
    .option("--quick", "a small experiment: two seeds, three arms, two cycles")
    .option("--live", "show the run on a page while it goes; the page stays until Ctrl-C")
    .option("--json", "print the result as JSON")
    .addOption(new Option("--probe-trials <n>").hideHelp())
    .addOption(new Option("--babble-trials <n>").hideHelp());
  return withLiveOptions(command, "--live-port").addHelpText("after", EXAMPLES).action(runCommand);
}

async function runCommand(options: OrganoidOptions & LiveOptions): Promise<void> {
  const config = organoidConfigOf(options);
  const workers = workersOf(options);
  const folder = options.out ?? defaultFolder(config);
  writableFolder(folder, "--out");
  const access = options.live ? await checkedAccess(options) : null;
  // Loaded only now, so that help and mistakes in the options answer at once.
  const { runOrganoid } = await import("../../experiment/run.ts");
  const progress = createProgress(process.stderr);
  const live = access && (await watchedRun(access, config, folder, progress.say));
  const hooks = live?.run.hooks();
  const run = (signal: AbortSignal) =>
    runOrganoid(config, folder, {
      wetgradVersion: packageVersion(),
      workers,
      signal,
      ...hooks,
      onProgress: (event) => {
        progress.update(event);
        hooks?.onProgress(event);
      },
    });
  await seenThrough(
    live,
    progress,
    () => interruptible(run, progress.say),
    ({ report, paths }) => {
      if (options.json) printJson({ folder, paths, verdict: verdictOf(report, report.task), report });
      else print(`${reportTable(report, stdoutPaint())}\n\nreport: ${paths.html}`);
    },
  );
}
