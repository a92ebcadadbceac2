/** `wetgrad report DIR`: prints a run's table and draws its page again. */
import { Command } from "commander";
import { redrawReport } from "../report/files.ts";
import { reportTable } from "../report/table.ts";
import { print, printJson, stdoutPaint } from "./manners/output.ts";

export function reportCommand(): Command {
  return new Command("report")
    .description("print the table of a finished run and draw its report.html again from report.json")
    .argument("<dir>", "the run's folder (--out of wetgrad organoid or wetgrad vat run)")
    .option("--json", "print the report as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad report runs/laser-1a2b3c4d\n")
    .action((dir: string, options: { json?: boolean }) => {
      const { report, paths } = redrawReport(dir);
      if (options.json) {
        printJson({ paths, report });
        return;
      }
      print(`${reportTable(report, stdoutPaint())}\n\nreport: ${paths.html}`);
    });
}
