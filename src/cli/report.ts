/** `wetgrad report DIR`: prints a run's table and draws its page again. */
import { Command } from "commander";
import { writeSite } from "../dashboard/static/write.ts";
import { NOT_SHARED } from "../experiment/timing.ts";
import { folderHash } from "../files/hash.ts";
import { redrawDesign } from "../report/design/files.ts";
import { designTable } from "../report/design/table.ts";
import { redrawReport } from "../report/files.ts";
import { reportTable } from "../report/table.ts";
import { openInBrowser } from "./manners/browser.ts";
import { UsageError } from "./manners/errors.ts";
import { writableFolder } from "./manners/folder.ts";
import { print, printJson, stdoutPaint } from "./manners/output.ts";

export function reportCommand(): Command {
  return new Command("report")
    .description(
      "print the table of a finished run and the hash of its folder (all but timing.json and claim), and draw its report.html again",
    )
    .argument("<dir>", "the run's folder (--out of wetgrad organoid or wetgrad vat run)")
    .option("--open", "show the page in the browser")
    .option(
      "--site <out>",
      "also write the run as a folder of files that need no server: its views, replay and report, to share as a link",
    )
    .option("--json", "print the report as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad report runs/laser-1a2b3c4d --site laser-site\n")
    .action(async (dir: string, options: { json?: boolean; open?: boolean; site?: string }) => {
      const design = redrawDesign(dir);
      if (design && options.site !== undefined)
        throw new UsageError("--site: expected the folder of one run, got that of a merged design");
      if (design) {
        if (options.json) printJson(design);
        else print(`${designTable(design.report, stdoutPaint())}\n\nreport: ${design.paths.html}`);
        if (options.open) await openInBrowser(design.paths.html, print);
        return;
      }
      const { report, paths } = redrawReport(dir);
      const sha256 = folderHash(dir, NOT_SHARED);
      if (options.site !== undefined) writableFolder(options.site, "--site");
      const site = options.site === undefined ? null : await writeSite(dir, paths, options.site);
      if (options.json) {
        printJson({ paths, report, sha256, ...(site && { site }) });
        return;
      }
      print(`${reportTable(report, stdoutPaint())}\n\nreport: ${paths.html}\nrun: sha256 ${sha256}`);
      if (site)
        print(
          `site: ${site.page} (${site.stretches} stretches of recording, ${(site.bytes / 1e6).toFixed(1)} MB)`,
        );
      if (options.open) await openInBrowser(paths.html, print);
    });
}
