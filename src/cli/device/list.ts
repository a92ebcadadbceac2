/** `wetgrad device list`: every kind of device, and which answer at their default address. */
import { Command } from "commander";
import { print, printJson } from "../manners/output.ts";

export function listCommand(): Command {
  return new Command("list")
    .description("kinds of devices, what each needs, and whether one answers at its default address")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad device list\n")
    .action(list);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { DRIVERS } = await import("../../device/drivers.ts");
  const found = await Promise.all(
    DRIVERS.map(async ({ scheme, title, example, needs, readOnly, answers }) => ({
      scheme,
      title,
      example,
      needs,
      stimulates: readOnly === undefined,
      answers: answers ? await answers() : null,
    })),
  );
  if (json) return printJson(found);
  for (const { scheme, title, example, needs, stimulates, answers } of found) {
    const state = answers === null ? "" : answers ? ", answers" : ", does not answer";
    print(`${scheme}: ${title} (${stimulates ? "reads and stimulates" : "reads only"}${state})`);
    print(`    ${example}\n    needs ${needs}`);
  }
}
