/** `wetgrad device`: commands on devices. */
import { Command } from "commander";
import { listCommand } from "./device-list.ts";
import { probeCommand } from "./device-probe.ts";
import { stopCommand } from "./device-stop.ts";

export function deviceCommand(): Command {
  return new Command("device")
    .description("find devices, look at them, stop them (docs/devices.md)")
    .addCommand(listCommand())
    .addCommand(probeCommand())
    .addCommand(stopCommand());
}

/** The secret of a device that asks for one; never on the command line, where others can see it. */
export function deviceToken(): { token?: string } {
  const token = process.env["WETGRAD_BRIDGE_TOKEN"];
  return token === undefined || token === "" ? {} : { token };
}
