/** `wetgrad experiment`: experiments in parts. */
import { Command } from "commander";
import { seriesTable } from "../../report/series/table.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { packageVersion } from "../manners/version.ts";

export function experimentCommand(): Command {
  const merge = new Command("merge")
    .description("join finished shards (organoid --shard) into the report of the whole experiment")
    .argument("<run...>", "folders of the shards")
    .requiredOption("--out <dir>", "folder of the report")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad organoid --series henon --shard 1/2 --out part-1     here\n  $ wetgrad organoid --series henon --shard 2/2 --out part-2     on another machine\n  $ wetgrad experiment merge part-1 part-2 --out whole",
    )
    .action(async (runs: string[], options: { readonly out: string; readonly json?: boolean }) => {
      writableFolder(options.out, "--out");
      const { mergeShards } = await import("../../experiment/merge/shards.ts");
      const { folder, report, paths } = await mergeShards(runs, options.out, packageVersion());
      if (options.json) printJson({ folder, paths, report });
      else print(`${seriesTable(report, stdoutPaint())}\n\nreport: ${paths.html}`);
    });
  return new Command("experiment").description("experiments in parts").addCommand(merge);
}
