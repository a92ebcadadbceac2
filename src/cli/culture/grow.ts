/** `wetgrad culture grow`: grows a culture, listens to it, and says what it is like at each age. */
import { Command } from "commander";
import { comparisonTable } from "../../report/compare/table.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { type CultureOptions, culturesOf, withGrowthOptions } from "./options.ts";

export function growCommand(): Command {
  return withGrowthOptions(new Command("grow"))
    .description("grow a culture around the scaffold and describe its spontaneous activity at each age")
    .option("--div <days,...>", "days in vitro", "7,14,21,28")
    .option("--seconds <n>", "simulated time to listen for", "120")
    .option("--json", "print the numbers as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad culture grow --div 7,14,21,28 --seed 3\n")
    .action(grow);
}

async function grow(options: CultureOptions): Promise<void> {
  const cultures = culturesOf(options);
  const { simulatedActivity } = await import("./activity.ts");
  const simulated = [];
  for (const culture of cultures) simulated.push(await simulatedActivity(culture));
  if (options.json) printJson({ simulated });
  else print(comparisonTable({ simulated, real: [] }, stdoutPaint()));
}
