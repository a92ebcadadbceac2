/** `wetgrad cartpole`: the published experiment in which cultures balance a pole, with the arms it lacked. */
import { join } from "node:path";
import { Command } from "commander";
import { cartpoleConfig } from "../cartpole/config.ts";
import { openInBrowser } from "./manners/browser.ts";
import { writableFolder } from "./manners/folder.ts";
import { interruptible } from "./manners/interrupt.ts";
import { print, printJson, stdoutPaint } from "./manners/output.ts";
import { createProgress } from "./manners/progress.ts";
import { packageVersion } from "./manners/version.ts";
import { checkedBy, type OptionTexts, readTexts, withSchemaOptions } from "./options/schema.ts";

interface Flags {
  readonly out?: string;
  readonly open?: boolean;
  readonly json?: boolean;
}

export function cartpoleCommand(): Command {
  const command = new Command("cartpole").description(
    "cultures balance a pole, as Robbins et al. 2026 had them: published arms, descent, teacher, and their controls",
  );
  return withSchemaOptions(command, cartpoleConfig)
    .option("--out <dir>", "folder of the run (default: runs/cartpole-PLACES)")
    .option("--open", "show the report in the browser at the end")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad cartpole --seeds 2 --arms none,adaptive,descent,teacher --rest 0\n\nCtrl-C stops the stimulation and exits; what is done is kept, and the same command continues.",
    )
    .action(cartpole);
}

async function cartpole(options: OptionTexts & Flags): Promise<void> {
  const config = checkedBy(cartpoleConfig, readTexts(cartpoleConfig, options));
  const folder = options.out ?? join("runs", `cartpole-${config.places}`);
  writableFolder(folder, "--out");
  const [{ runCartpole }, { cartpoleTable }, { writeCartpole }] = await Promise.all([
    import("../cartpole/run.ts"),
    import("../cartpole/table.ts"),
    import("../cartpole/files.ts"),
  ]);
  const progress = createProgress(process.stderr);
  try {
    const report = await interruptible(
      (signal) =>
        runCartpole(config, {
          folder,
          wetgradVersion: packageVersion(),
          signal,
          onProgress: (done, total, message) => progress.update({ done, total, unit: "arms", message }),
        }),
      progress.say,
    );
    progress.end();
    const paths = writeCartpole(folder, report);
    if (options.json) printJson({ folder, paths, report });
    else print(`${cartpoleTable(report, stdoutPaint())}\n\nreport: ${paths.html}`);
    if (options.open) await openInBrowser(paths.html, progress.say);
  } finally {
    progress.end();
  }
}
