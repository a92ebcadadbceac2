/** `wetgrad compare-methods`: the ways to descend, beside each other. */
import { Command } from "commander";
import { z } from "zod";
import { openName } from "../../experiment/fields/names.ts";
import { fieldTexts, textsOf } from "../../experiment/fields/texts.ts";
import { methodChoices } from "../../experiment/organoid/arms.ts";
import type { MethodsComparison } from "../../experiment/organoid/compare-methods.ts";
import { organoidConfig } from "../../experiment/organoid/config.ts";
import { METHODS } from "../../methods/descriptions.ts";
import { methodsTable } from "../../report/methods/table.ts";
import { openInBrowser } from "../manners/browser.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { type ExtensionFlags, extensionsOf, withExtensions } from "../options/extensions.ts";
import { type RunFlags, withRunOptions, workersOf } from "../options/run.ts";
import { checkedBy, type OptionTexts, readTexts, withSchemaOptions } from "../options/schema.ts";

const DEFAULT_FOLDER = "runs/methods";

const shape = organoidConfig.shape;

/** What of the experiment a comparison lets be chosen: the rest is the method's, or fixed. */
const base = z.strictObject({
  seeds: shape.seeds.unwrap().default(5).register(fieldTexts, textsOf("seeds", shape.seeds)),
  firstSeed: shape.firstSeed,
  cycles: shape.cycles,
  presentations: shape.presentations,
  scaffold: shape.scaffold,
  roles: shape.roles,
  neurons: shape.neurons,
  preset: shape.preset,
  rule: shape.rule,
  div: shape.div,
  probeTrials: shape.probeTrials,
  babbleTrials: shape.babbleTrials,
  fitSteps: shape.fitSteps,
});

const comparisonOptions = z.strictObject({
  series: z
    .array(z.string())
    .default(["henon", "laser"])
    .register(fieldTexts, { help: "built-in series, or CSV files" }),
  methods: z
    .array(openName(methodChoices))
    .default([...METHODS])
    .register(fieldTexts, { help: "which methods" }),
  budgets: z
    .array(shape.stepBudget.unwrap())
    .default([0.003, 0.01, 0.03, 0.3])
    .register(fieldTexts, { help: "step budgets of method incremental for its curve, or none" }),
});

export function compareMethodsCommand(): Command {
  const command = new Command("compare-methods").description(
    "every way to descend on the same cultures, with its controls, in one table",
  );
  withSchemaOptions(withSchemaOptions(command, comparisonOptions), base);
  return withRunOptions(withExtensions(command), DEFAULT_FOLDER)
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad compare-methods --series henon,laser --seeds 5 --out runs/methods\n\nCtrl-C stops, saves and exits; the same command continues.",
    )
    .action(compare);
}

async function compare(options: OptionTexts & RunFlags & ExtensionFlags): Promise<void> {
  const extensions = await extensionsOf(options);
  const comparison = comparisonOf(options);
  const folder = options.out ?? DEFAULT_FOLDER;
  writableFolder(folder, "--out");
  const workers = workersOf(options);
  const { compareMethods } = await import("../../experiment/organoid/compare-methods.ts");
  const { writeMethodsReport } = await import("../../report/methods/page.ts");
  const progress = createProgress(process.stderr);
  try {
    const report = await interruptible(
      (signal) =>
        compareMethods(comparison, folder, {
          wetgradVersion: packageVersion(),
          workers,
          extensions,
          signal,
          onProgress: progress.update,
        }),
      progress.say,
    );
    progress.end();
    const paths = writeMethodsReport(folder, report);
    if (options.json) printJson({ folder, paths, report });
    else print(`${methodsTable(report, stdoutPaint())}\n\nreport: ${paths.html}`);
    if (options.open) await openInBrowser(paths.html, progress.say);
  } catch (error) {
    progress.end();
    throw error;
  }
}

/** The comparison that `options` ask for. Throws `UsageError` with the first thing wrong. */
export function comparisonOf(options: OptionTexts): MethodsComparison {
  const readers = options["budgets"] === "none" ? { budgets: () => [] } : {};
  const chosen = checkedBy(comparisonOptions, readTexts(comparisonOptions, options, readers));
  const fixed = { codes: ["assigned"], retentionSeconds: 0 };
  const {
    series: _,
    arms: __,
    method: ___,
    stepBudget: ____,
    ...rest
  } = organoidConfig.parse(Object.assign(fixed, checkedBy(base, readTexts(base, options))));
  return { ...chosen, base: rest };
}
