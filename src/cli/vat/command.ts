/** `wetgrad vat`: many cultures trained as one. */
import { Command } from "commander";
import { vatHostCommand } from "./host.ts";
import { vatRunCommand } from "./run.ts";

export function vatCommand(): Command {
  return new Command("vat")
    .description("many cultures trained as one, on this machine or on many")
    .addCommand(vatRunCommand())
    .addCommand(vatHostCommand());
}
