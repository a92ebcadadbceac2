/** `wetgrad text`: sentences as latent programs, and back. */
import { Command } from "commander";
import { decodeCommand } from "./decode.ts";
import { encodeCommand } from "./encode.ts";
import { interpolateCommand } from "./interpolate.ts";
import { scoreCommand } from "./score.ts";
import { trainCommand } from "./train.ts";

export function textCommand(): Command {
  return new Command("text")
    .description("map sentences to latent programs and back: a text AdaVAE, trained here or shipped")
    .addCommand(trainCommand())
    .addCommand(encodeCommand())
    .addCommand(decodeCommand())
    .addCommand(interpolateCommand())
    .addCommand(scoreCommand());
}
