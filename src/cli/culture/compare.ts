/** `wetgrad culture compare`: simulated cultures beside recordings. */
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "commander";
import { renderComparison } from "../../report/compare/page.ts";
import { comparisonTable, summary } from "../../report/compare/table.ts";
import { treatmentMedians } from "../../report/compare/treatments.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { type RecordingTexts, readOptionsOf, withRecordingOptions } from "../options/recording.ts";
import type { SimulatedCulture } from "./activity.ts";
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
  const [{ simulatedActivity: live }, { listen }] = await Promise.all([
    import("./activity.ts"),
    import("./listen.ts"),
  ]);
  const messageOf = ({ div }: SimulatedCulture) => `DIV ${div}`;
  const comparison = await listen({ paths, read, cultures, live, messageOf });
  if (options.out) writeFileSync(options.out, renderComparison(comparison));
  if (options.json)
    printJson({ summary: summary(comparison), medians: treatmentMedians(comparison.real), ...comparison });
  else print(comparisonTable(comparison, stdoutPaint()) + (options.out ? `\n\npage: ${options.out}` : ""));
}
