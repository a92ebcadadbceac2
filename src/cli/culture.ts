/** `wetgrad culture`: commands on cultures themselves. */
import { Command } from "commander";
import { compareCommand } from "./culture-compare.ts";
import { growCommand } from "./culture-grow.ts";
import { serveCommand } from "./culture-serve.ts";

export function cultureCommand(): Command {
  return new Command("culture")
    .description("grow simulated cultures, compare them with real ones, serve them")
    .addCommand(growCommand())
    .addCommand(compareCommand())
    .addCommand(serveCommand());
}
