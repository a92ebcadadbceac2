/** `wetgrad model`: trained models for other programs. */
import { Command } from "commander";
import { exportCommand } from "./export.ts";

export function modelCommand(): Command {
  return new Command("model")
    .description("hand trained models to other programs")
    .addCommand(exportCommand());
}
