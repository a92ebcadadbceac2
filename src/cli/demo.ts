/** `wetgrad demo`: the demonstration, and its report in the browser. */
import { Command } from "commander";
import { organoidConfig, QUICK } from "../experiment/organoid/config.ts";
import { runCommandOf } from "./dashboard/run-command.ts";
import { withRunOptions, workersOf } from "./options/run.ts";
import { defaultFolder, type OrganoidOptions } from "./organoid/options.ts";

export function demoCommand(): Command {
  const command = new Command("demo").description(
    "teach six simulated cultures an easy rhythm, in about a minute, and report: a demonstration (organoid --quick)",
  );
  return withRunOptions(command, "one in runs/ named after the experiment")
    .addHelpText("after", "\nExample:\n  $ wetgrad demo --open\n")
    .action((options: OrganoidOptions) => {
      const config = organoidConfig.parse({ ...QUICK });
      const folder = options.out ?? defaultFolder(config);
      return runCommandOf({ kind: "organoid", config }, { folder, options, workers: workersOf(options) });
    });
}
