/** `wetgrad wiring`: commands on wiring diagrams. */
import { Command } from "commander";
import { convertCommand } from "./convert.ts";
import { cutCommand } from "./cut.ts";
import { describeCommand } from "./describe.ts";
import { generateCommand } from "./generate.ts";
import { learnCommand } from "./learn.ts";
import { rewireCommand } from "./rewire.ts";
import { tuneCommand } from "./tune.ts";

export function wiringCommand(): Command {
  return new Command("wiring")
    .description(
      "wiring diagrams: read the published ones or your own, look into them, cut and rewire them; teach brains of them",
    )
    .addCommand(describeCommand())
    .addCommand(convertCommand())
    .addCommand(cutCommand())
    .addCommand(rewireCommand())
    .addCommand(generateCommand())
    .addCommand(tuneCommand())
    .addCommand(learnCommand());
}
