/** `wetgrad recording`: commands on recordings. */
import { Command } from "commander";
import { convertCommand } from "./convert.ts";
import { describeCommand } from "./describe.ts";
import { formatsCommand } from "./formats.ts";
import { viewCommand } from "./view.ts";

export function recordingCommand(): Command {
  return new Command("recording")
    .description("look into recordings, and convert them for other programs")
    .addCommand(describeCommand())
    .addCommand(viewCommand())
    .addCommand(convertCommand())
    .addCommand(formatsCommand());
}
