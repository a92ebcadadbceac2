/** `wetgrad read`: eyes on a page, a culture that reads, and writes toward a string. */
import { Command } from "commander";
import { cultureCommand } from "./culture.ts";
import { experimentCommand } from "./experiment.ts";
import { eyesCommand } from "./eyes.ts";
import { speedCommand } from "./speed.ts";

export function readCommand(): Command {
  return new Command("read")
    .description(
      "read a page with simulated or tracked eyes; let a culture read sentences and decode them; write toward a string; measure how fast it reads",
    )
    .addCommand(eyesCommand())
    .addCommand(cultureCommand())
    .addCommand(experimentCommand())
    .addCommand(speedCommand());
}
