/** All commands of `wetgrad`, with the manners they share. */
import { Command } from "commander";
import { bandwidthCommand } from "./bandwidth.ts";
import { compareMethodsCommand } from "./compare-methods.ts";
import { cultureCommand } from "./culture.ts";
import { deviceCommand } from "./device.ts";
import { emulatorCommand } from "./emulator.ts";
import { exitCodeOf, report } from "./errors.ts";
import { modelCommand } from "./model.ts";
import { organoidCommand } from "./organoid.ts";
import { recordingCommand } from "./recording.ts";
import { reportCommand } from "./report.ts";
import { dashboardCommand } from "./serve.ts";
import { vatCommand } from "./vat.ts";
import { packageVersion } from "./version.ts";

/** Does what `words` say and gives the exit code. */
export async function run(words: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    report(error, process.stderr);
    return exitCodeOf(error);
  }
}

function createProgram(): Command {
  const program = new Command("wetgrad")
    .description(
      "Gradient descent on wetware: train a living network on an electrode array, or a simulated one.",
    )
    .version(packageVersion(), "-V, --version", "print the version");
  program.addCommand(organoidCommand());
  program.addCommand(compareMethodsCommand());
  program.addCommand(cultureCommand());
  program.addCommand(deviceCommand());
  program.addCommand(emulatorCommand());
  program.addCommand(modelCommand());
  program.addCommand(recordingCommand());
  program.addCommand(vatCommand());
  program.addCommand(bandwidthCommand());
  program.addCommand(reportCommand());
  program.addCommand(dashboardCommand());
  share(program);
  return program;
}

/** One line per fault, exits by exception, help after a wrong subcommand left out. */
function share(command: Command): void {
  command
    .exitOverride()
    .helpOption("-h, --help", "show this help")
    .configureOutput({
      outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, " ")} (see --help)\n`),
    });
  for (const child of command.commands) share(child);
}
