/** `wetgrad wiring`: commands on wiring diagrams. */
import { Command } from "commander";
import { convertCommand } from "./convert.ts";
import { cutCommand } from "./cut.ts";
import { describeCommand } from "./describe.ts";
import { generateCommand } from "./generate.ts";
import { rewireCommand } from "./rewire.ts";

export function wiringCommand(): Command {
  return new Command("wiring")
    .description("wiring diagrams: read the published ones or your own, look into them, cut and rewire them")
    .addCommand(describeCommand())
    .addCommand(convertCommand())
    .addCommand(cutCommand())
    .addCommand(rewireCommand())
    .addCommand(generateCommand());
}
