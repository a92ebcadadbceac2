/** `wetgrad culture compare`: simulated cultures beside recordings. */
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "commander";
import type { CultureActivity } from "../../report/compare/comparison.ts";
import { renderComparison } from "../../report/compare/page.ts";
import { comparisonTable, summary } from "../../report/compare/table.ts";
import { treatmentMedians } from "../../report/compare/treatments.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { type RecordingTexts, readOptionsOf, withRecordingOptions } from "../options/recording.ts";
import { type CultureOptions, culturesOf, withGrowthOptions } from "./options.ts";

interface CompareOptions extends CultureOptions, RecordingTexts {
  readonly out?: string;
}

export function compareCommand(): Command {
  return withRecordingOptions(
    withGrowthOptions(new Command("compare"))
      .description("the spontaneous activity of simulated cultures beside that of recordings, well by well")
      .argument("<recording...>", "files of real cultures (`wetgrad recording formats` lists the kinds)"),
  )
    .option("--div <days,...>", "days in vitro to grow to", "14,21,28")
    .option("--seconds <n>", "simulated time to listen for", "300")
    .option("--out <file>", "also write a page with figures (.html)")
    .option("--json", "print the numbers as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad culture compare recordings/*.h5 --out compare.html\n")
    .action(compare);
}

async function compare(paths: string[], options: CompareOptions): Promise<void> {
  const cultures = culturesOf(options);
  const read = readOptionsOf(options);
  if (options.out) writableFolder(dirname(options.out), "--out");
  const { recordedActivity, simulatedActivity } = await import("./activity.ts");
  const progress = createProgress(process.stderr);
  const total = paths.length + cultures.length;
  const real: CultureActivity[] = [];
  let files = 0;
  const simulated: CultureActivity[] = [];
  try {
    await interruptible(async (signal) => {
      for (const path of paths) {
        real.push(...(await recordedActivity(path, read)));
        progress.update({ done: ++files, total, unit: "cultures", message: path });
        signal.throwIfAborted();
      }
      for (const culture of cultures) {
        simulated.push(await simulatedActivity(culture, signal));
        const done = files + simulated.length;
        progress.update({ done, total, unit: "cultures", message: `DIV ${culture.div}` });
      }
    }, progress.say);
  } finally {
    progress.end();
  }
  const comparison = { simulated, real };
  if (options.out) writeFileSync(options.out, renderComparison(comparison));
  if (options.json)
    printJson({ summary: summary(comparison), medians: treatmentMedians(real), ...comparison });
  else print(comparisonTable(comparison, stdoutPaint()) + (options.out ? `\n\npage: ${options.out}` : ""));
}
