/** `wetgrad recording formats`: what can be read. */
import { Command } from "commander";
import { FORMATS } from "../../recording/formats.ts";
import { columns } from "../../report/columns.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";

export function formatsCommand(): Command {
  return new Command("formats")
    .description("list the kinds of recordings that can be read, and what is taken of each")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad recording formats\n")
    .action((options: { json?: boolean }) => {
      if (options.json) return printJson(FORMATS);
      const { dim } = stdoutPaint();
      const head = ["", "files", "holds", "compared with", "read"].map((text) => ({ text, paint: dim }));
      const rows = FORMATS.map(({ name, files, kind, read, compared = "" }) =>
        [name, files, kind, compared, read].map((text) => ({ text })),
      );
      print(columns([head, ...rows]));
    });
}
