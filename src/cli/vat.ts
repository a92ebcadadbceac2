/** `wetgrad vat`: many cultures trained as one. */
import { Command } from "commander";
import { vatRunCommand } from "./vat-run.ts";

export function vatCommand(): Command {
  return new Command("vat").description("many cultures trained as one").addCommand(vatRunCommand());
}
