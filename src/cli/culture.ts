/** `wetgrad culture`: commands on cultures themselves. */
import { Command } from "commander";
import { compareCommand } from "./culture-compare.ts";
import { growCommand } from "./culture-grow.ts";

export function cultureCommand(): Command {
  return new Command("culture")
    .description("grow simulated cultures and compare them with real ones")
    .addCommand(growCommand())
    .addCommand(compareCommand());
}
