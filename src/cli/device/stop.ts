/** `wetgrad device stop`: stimulation off, at once, on one device, whoever has begun it. */
import { Command } from "commander";
import { print, printJson } from "../manners/output.ts";
import { deviceToken } from "./token.ts";

export function stopCommand(): Command {
  return new Command("stop")
    .description("stimulation off at once on a device, whoever has begun it")
    .argument("<address>", "such as cl1://host:7767, intan://host, udp://host")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad device stop cl1://127.0.0.1:7767\n")
    .action(stop);
}

async function stop(address: string, { json }: { json?: boolean }): Promise<void> {
  const { stopAddress } = await import("../../device/open-address.ts");
  const result = await stopAddress(address, deviceToken().token);
  if (json) printJson({ address, ...result });
  else print(`${address}: ${result.what}`);
}
