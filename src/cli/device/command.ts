/** `wetgrad device`: commands on devices. */
import { Command } from "commander";
import { ledgerCommand } from "./ledger.ts";
import { listCommand } from "./list.ts";
import { probeCommand } from "./probe.ts";
import { stopCommand } from "./stop.ts";
import { surveyCommand } from "./survey.ts";

export function deviceCommand(): Command {
  return new Command("device")
    .description("find devices, look at them, stop them, read their ledgers (docs/devices.md)")
    .addCommand(listCommand())
    .addCommand(probeCommand())
    .addCommand(stopCommand())
    .addCommand(surveyCommand())
    .addCommand(ledgerCommand());
}
