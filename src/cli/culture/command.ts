/** `wetgrad culture`: commands on cultures themselves. */
import { Command } from "commander";
import { compareCommand } from "./compare.ts";
import { growCommand } from "./grow.ts";
import { rulesCommand } from "./rules.ts";
import { serveCommand } from "./serve.ts";

export function cultureCommand(): Command {
  return new Command("culture")
    .description("grow simulated cultures, compare them with real ones, serve them")
    .addCommand(growCommand())
    .addCommand(compareCommand())
    .addCommand(rulesCommand())
    .addCommand(serveCommand());
}
