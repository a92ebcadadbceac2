/** `wetgrad compare-methods`: the ways to descend, beside each other. */
import { Command } from "commander";
import { METHODS, type Method } from "../../experiment/config.ts";
import { methodsTable } from "../../report/methods/table.ts";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { type OrganoidOptions, organoidConfigOf, workersOf } from "./options.ts";

type Options = Pick<
  OrganoidOptions,
  | "seeds"
  | "firstSeed"
  | "cycles"
  | "presentations"
  | "probeTrials"
  | "babbleTrials"
  | "neurons"
  | "preset"
  | "div"
  | "workers"
  | "json"
> & { readonly series: string; readonly methods: string; readonly budgets: string; readonly out: string };

export function compareMethodsCommand(): Command {
  return new Command("compare-methods")
    .description("every way to descend on the same cultures, with its controls, in one table")
    .option("--series <a,b,...>", "built-in series or CSV files", "henon,laser")
    .option("--methods <a,b,...>", "which methods", METHODS.join(","))
    .option("--budgets <a,b,...>", "step budgets of method incremental for its curve", "0.003,0.01,0.03,0.3")
    .option("--seeds <n>", "cultures per arm", "5")
    .option("--first-seed <n>", "the first seed (default: 1)")
    .option("--cycles <n>", "cycles (default: 4)")
    .option("--presentations <n>", "presentations in each cycle (default: 200)")
    .option("--neurons <n>", "neurons of the culture (default: 1000)")
    .option("--preset <name>", "default (bursts when left alone) or quiet")
    .option("--div <days>", "age of the culture in days in vitro (default: 21)")
    .option("--probe-trials <n>", "held-out presentations (default: 200)")
    .option("--babble-trials <n>", "babbled presentations (default: 2000)")
    .option("--workers <n>", "worker threads (default: one per core)")
    .option("--out <dir>", "folder of the runs and the report", "runs/methods")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad compare-methods --series henon,laser --seeds 5 --out runs/methods\n\nCtrl-C stops, saves and exits; the same command continues.",
    )
    .action(compare);
}

async function compare({ series, methods, budgets, out, ...options }: Options): Promise<void> {
  const names = words(series);
  const comparison = {
    series: names,
    methods: words(methods).map(methodOf),
    budgets: budgets === "none" ? [] : words(budgets).map(budgetOf),
    base: baseOf(options),
  };
  writableFolder(out, "--out");
  const { compareMethods } = await import("../../experiment/compare-methods.ts");
  const { writeMethodsReport } = await import("../../report/methods/page.ts");
  const progress = createProgress(process.stderr);
  const workers = workersOf(options);
  try {
    const report = await interruptible(
      (signal) =>
        compareMethods(comparison, out, {
          wetgradVersion: packageVersion(),
          workers,
          signal,
          onProgress: progress.update,
        }),
      progress.say,
    );
    progress.end();
    const paths = writeMethodsReport(out, report);
    if (options.json) printJson({ folder: out, paths, report });
    else print(`${methodsTable(report, stdoutPaint())}\n\nreport: ${paths.html}`);
  } catch (error) {
    progress.end();
    throw error;
  }
}

function baseOf(options: OrganoidOptions) {
  const {
    series: _,
    arms: __,
    method: ___,
    stepBudget: ____,
    ...base
  } = organoidConfigOf({
    ...options,
    code: "assigned",
    retention: "0",
  });
  return base;
}

const words = (text: string) => text.split(",").map((word) => word.trim());

function methodOf(name: string): Method {
  const method = METHODS.find((each) => each === name);
  if (!method)
    throw new UsageError(
      `--methods: expected names out of ${METHODS.join(", ")}, got ${JSON.stringify(name)}`,
    );
  return method;
}

function budgetOf(text: string): number {
  const budget = Number(text);
  if (!(budget > 0 && budget <= 1))
    throw new UsageError(
      `--budgets: expected shares above 0 and up to 1, or none, got ${JSON.stringify(text)}`,
    );
  return budget;
}
