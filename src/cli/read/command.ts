/** `wetgrad read`: eyes on a page, and a culture that reads. */
import { Command } from "commander";
import { cultureCommand } from "./culture.ts";
import { eyesCommand } from "./eyes.ts";

export function readCommand(): Command {
  return new Command("read")
    .description("read a page with simulated or tracked eyes; let a culture read sentences and decode them")
    .addCommand(eyesCommand())
    .addCommand(cultureCommand());
}
