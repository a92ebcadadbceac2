/** `wetgrad vat run`: a vat experiment, on this machine or on the hosts of a NATS server. */
import { join } from "node:path";
import { Command } from "commander";
import { defaultArms, type VatConfig, vatConfig } from "../../experiment/vat/config.ts";
import type { VatHooks } from "../../experiment/vat/run.ts";
import { vatName, vatRunName } from "../../experiment/vat/run-name.ts";
import { checkedAccess, type LiveOptions, withLiveOptions } from "../dashboard/access.ts";
import { seenThrough, watchedVat } from "../dashboard/live-run.ts";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { type NatsFlags, natsOptionsOf, withNatsOptions } from "../options/nats.ts";
import { numberOf } from "../options/numbers.ts";

const EXAMPLES = `
Examples:
  $ wetgrad vat run --task peers --brains 16 --seeds 4
  $ wetgrad vat run --task pong --brains 16 --arms descent,unconnected,feedback,random,sham
  $ wetgrad vat run --task signals --streams laser,henon,weather.csv:mean --brains 12
  $ wetgrad vat run --task peers --nats nats://127.0.0.1        on the hosts there (wetgrad vat host)
  $ wetgrad vat run --task peers --nats nats://127.0.0.1 --dishes dish-1 --seeds 1 --arms descent

Ctrl-C stops the stimulation, saves and exits; the same command continues where it stopped.`;

export interface VatRunOptions extends NatsFlags, LiveOptions {
  readonly live?: boolean;
  readonly task: string;
  readonly brains?: string;
  readonly seeds?: string;
  readonly firstSeed?: string;
  readonly arms?: string;
  readonly cycles?: string;
  readonly presentations?: string;
  readonly probeTrials?: string;
  readonly babbleTrials?: string;
  readonly fitSteps?: string;
  readonly neurons?: string;
  readonly preset?: string;
  readonly div?: string;
  readonly streams?: string;
  readonly record?: boolean;
  readonly dishes?: string;
  readonly workers?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function vatRunCommand(): Command {
  const command = withNatsOptions(new Command("run"))
    .description("train many cultures as one, beside the unconnected twin and all controls, and report")
    .requiredOption("--task <name>", "peers, pong or signals")
    .option("--brains <n>", "brains of the vat (default: 16)")
    .option("--seeds <n>", "vats per arm (default: 4)")
    .option("--first-seed <n>", "the first seed (default: 1)")
    .option(
      "--arms <a,b,...>",
      "descent, unconnected, teacher, yoked, random, frozen, sham, feedback (default: all of the task)",
    )
    .option("--streams <a,b,...>", "of signals: series by name, files, or FILE:COLUMN")
    .option("--cycles <n>", "cycles of train and probe (default: 2)")
    .option("--presentations <n>", "steps of training in each cycle (default: 200)")
    .option("--probe-trials <n>", "steps of each probe (default: 150)")
    .option("--babble-trials <n>", "steps of babbling (default: 400)")
    .option("--fit-steps <n>", "gradient steps of the first fit of the emulator (default: 500)")
    .option("--neurons <n>", "neurons of each brain (default: 1000)")
    .option("--preset <name>", "quiet, or default (bursts when left alone) (default: quiet)")
    .option("--div <days>", "age of the brains in days in vitro (default: 21)")
    .option("--record", "keep every spike and pulse of every brain, in recording.nwb")
    .option("--dishes <a,b,...>", "with --nats: hosts whose dishes are the first brains (vat host --device)")
    .option("--workers <n>", "worker threads (default: one per core)")
    .option("--out <dir>", "folder of the run (default: one in runs/ named after the experiment)")
    .option("--live", "show the vat on a page while it goes; the page stays until Ctrl-C")
    .option("--json", "print the result as JSON");
  return withLiveOptions(command, "--live-port").addHelpText("after", EXAMPLES).action(runCommand);
}

const NUMBERS = [
  "brains",
  "seeds",
  "firstSeed",
  "cycles",
  "presentations",
  "probeTrials",
  "babbleTrials",
  "fitSteps",
  "neurons",
  "div",
] as const;

/** The experiment that `options` ask for. Throws `UsageError` with the first thing wrong. */
export function vatConfigOf(options: VatRunOptions): VatConfig {
  const words = (text: string) => text.split(",").map((word) => word.trim());
  const given: Record<string, unknown> = { task: options.task };
  for (const key of NUMBERS) {
    const text = options[key];
    if (text !== undefined) given[key] = text.trim() === "" ? Number.NaN : Number(text);
  }
  if (options.preset !== undefined) given["preset"] = options.preset;
  if (options.streams !== undefined) given["streams"] = words(options.streams);
  if (options.record) given["record"] = true;
  if (options.dishes !== undefined) given["dishes"] = words(options.dishes);
  given["arms"] =
    options.arms === undefined ? defaultArms(options.task as VatConfig["task"]) : words(options.arms);
  const parsed = vatConfig.safeParse(given);
  if (parsed.success) {
    assertDishes(parsed.data, options);
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const option = String(issue.path[0]) as keyof VatRunOptions;
  const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const got = options[option] === undefined ? "" : ` ${JSON.stringify(options[option])}`;
  throw new UsageError(`${flag}${got}: ${issue.message}`);
}

/** A dish cannot be put back to where another arm began, nor be two brains. */
function assertDishes({ dishes = [], brains, seeds, arms }: VatConfig, { nats }: VatRunOptions): void {
  if (dishes.length === 0) return;
  const got = `--dishes ${dishes.join(",")}`;
  if (nats === undefined) throw new UsageError(`${got}: expected with --nats, the server of their hosts`);
  if (new Set(dishes).size < dishes.length || dishes.length > brains)
    throw new UsageError(`${got}: expected at most ${brains} hosts (--brains), each once`);
  if (seeds !== 1 || arms.length !== 1)
    throw new UsageError(
      `${got}: expected --seeds 1 and one arm, for a dish cannot be put back to where another arm began; got ${seeds} seeds, ${arms.length} arms`,
    );
}

async function runCommand(options: VatRunOptions): Promise<void> {
  const config = vatConfigOf(options);
  const workers =
    options.workers === undefined
      ? undefined
      : numberOf(options.workers, "--workers", { min: 1, max: 1024, whole: true });
  const nats = natsOptionsOf(options);
  const folder = options.out ?? join("runs", vatRunName(config));
  writableFolder(folder, "--out");
  const access = options.live ? await checkedAccess(options) : null;
  const { runVat } = await import("../../experiment/vat/run.ts");
  const { threadHolder } = await import("../../tissue/threads/threads.ts");
  const { natsHolder } = await import("../../tissue/nats/holder.ts");
  const { sayVatEvents } = await import("./events.ts");
  const { vatTable } = await import("../../experiment/vat/report/table.ts");
  const progress = createProgress(process.stderr);
  const live = access && (await watchedVat(access, config, folder, progress.say));
  const run = (signal: AbortSignal) => {
    const hooks: VatHooks = {
      wetgradVersion: packageVersion(),
      signal,
      onProgress: progress.update,
      openHolder: (control) =>
        nats
          ? natsHolder({
              nats,
              vat: vatName(config),
              onEvent: sayVatEvents(progress.say),
              dishes: new Map(config.dishes?.entries()),
            })
          : threadHolder(workers, control),
    };
    return runVat(config, folder, live ? live.run.hooks(hooks) : hooks);
  };
  await seenThrough(
    live,
    progress,
    () => interruptible(run, progress.say),
    ({ report, paths }) => {
      if (options.json) printJson({ folder, paths, report });
      else print(`${vatTable(report, stdoutPaint())}\n\nreport: ${paths.html}`);
    },
  );
}
