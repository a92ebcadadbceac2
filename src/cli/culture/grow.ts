/** `wetgrad culture grow`: grows a culture, listens to it, and says what it is like at each age. */
import { Command } from "commander";
import { DEFAULT_RULE, RULES } from "../../culture/rules/rules.ts";
import { comparisonTable } from "../../report/compare/table.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { type CultureOptions, culturesOf, withScaffoldOptions } from "./options.ts";

export function growCommand(): Command {
  return withScaffoldOptions(new Command("grow"))
    .description("grow a culture around the scaffold and describe its spontaneous activity at each age")
    .option("--div <days,...>", "days in vitro", "7,14,21,28")
    .option("--seed <n>", "seed of the culture", "1")
    .option("--preset <name>", "default (bursts) or quiet", "default")
    .option("--rule <name>", `rule by which the synapses learn: ${RULES.join(", ")}`, DEFAULT_RULE)
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
