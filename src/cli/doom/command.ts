/** `wetgrad doom`: the engine that `vat run --task doom` plays in. */
import { Command } from "commander";
import { doomPlayCommand } from "./play.ts";
import { doomSetupCommand } from "./setup.ts";

export function doomCommand(): Command {
  return new Command("doom")
    .description("a Doom engine for the vat: built on this machine, with Freedoom's data")
    .addCommand(doomSetupCommand())
    .addCommand(doomPlayCommand());
}
