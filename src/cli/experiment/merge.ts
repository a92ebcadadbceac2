/** `wetgrad experiment merge`: shards, or the sessions of a plan, in one report. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { designTable } from "../../report/design/table.ts";
import { seriesTable } from "../../report/series/table.ts";
import { UsageError, wrongOption } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { packageVersion } from "../manners/version.ts";

interface MergeFlags {
  readonly out: string;
  readonly without?: string;
  readonly unblind?: boolean;
  readonly json?: boolean;
}

export function mergeCommand(): Command {
  return new Command("merge")
    .description("join finished shards (organoid --shard), or the sessions of a plan, into one report")
    .argument("<run...>", "folders of the shards, or the one folder of a plan")
    .requiredOption("--out <dir>", "folder of the report")
    .option(
      "--without <numbers>",
      "of a plan: sessions that will not come, such as 3,7; the report names them",
    )
    .option("--unblind", "of a blind plan: open the key, and compare the arms")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad organoid --series henon --shard 1/2 --out part-1     here\n  $ wetgrad organoid --series henon --shard 2/2 --out part-2     on another machine\n  $ wetgrad experiment merge part-1 part-2 --out whole\n\n  $ wetgrad experiment merge henon --out henon/report            a plan, arms still letters\n  $ wetgrad experiment merge henon --out henon/opened --unblind",
    )
    .action(merge);
}

async function merge(runs: string[], flags: MergeFlags): Promise<void> {
  writableFolder(flags.out, "--out");
  const isPlan = runs.length === 1 && existsSync(join(runs[0], "plan.json"));
  if (!isPlan && (flags.without !== undefined || flags.unblind))
    throw new UsageError("--without, --unblind: expected with the one folder of a plan, got shards");
  const { report, paths, text } = isPlan ? await ofPlan(runs[0], flags) : await ofShards(runs, flags.out);
  if (flags.json) printJson({ folder: flags.out, paths, report });
  else print(`${text()}\n\nreport: ${paths.html}`);
}

async function ofShards(runs: readonly string[], out: string) {
  const { mergeShards } = await import("../../experiment/merge/shards.ts");
  const { report, paths } = await mergeShards(runs, out, packageVersion());
  return { report, paths, text: () => seriesTable(report, stdoutPaint()) };
}

async function ofPlan(folder: string, { out, without, unblind }: MergeFlags) {
  const { joinSessions } = await import("../../experiment/design/join.ts");
  const numbers = without === undefined ? [] : without.split(",").map((text) => Number(text.trim()));
  if (!numbers.every((number) => Number.isInteger(number) && number > 0))
    throw wrongOption("--without", "numbers of sessions, such as 3,7", without ?? "");
  const { report, paths } = await joinSessions(folder, out, {
    without: numbers,
    unblind: unblind === true,
    wetgradVersion: packageVersion(),
  });
  return { report, paths, text: () => designTable(report, stdoutPaint()) };
}
