/** `wetgrad experiment`: experiments over dishes and days, and experiments in parts. */
import { Command } from "commander";
import { mergeCommand } from "./merge.ts";
import { planCommand } from "./plan.ts";
import { sessionCommand } from "./session.ts";

export function experimentCommand(): Command {
  return new Command("experiment")
    .description("experiments over dishes and days, and experiments in parts")
    .addCommand(planCommand())
    .addCommand(sessionCommand())
    .addCommand(mergeCommand());
}
