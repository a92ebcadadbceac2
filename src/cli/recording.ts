/** `wetgrad recording`: commands on recordings. */
import { Command } from "commander";
import { convertCommand } from "./recording-convert.ts";

export function recordingCommand(): Command {
  return new Command("recording")
    .description("convert recordings for other programs")
    .addCommand(convertCommand());
}
