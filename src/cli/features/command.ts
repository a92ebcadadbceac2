/** `wetgrad features`: commands on sparse features of recordings and cultures. */
import { Command } from "commander";
import { amplifyCommand } from "./amplify.ts";
import { benchCommand } from "./bench.ts";
import { daysCommand } from "./days.ts";
import { fitCommand } from "./fit.ts";
import { showCommand } from "./show.ts";

export function featuresCommand(): Command {
  return new Command("features")
    .description(
      "sparse features of a brain: find them, look at them, amplify them, and see what finding them is worth",
    )
    .addCommand(fitCommand())
    .addCommand(daysCommand())
    .addCommand(showCommand())
    .addCommand(amplifyCommand())
    .addCommand(benchCommand());
}
