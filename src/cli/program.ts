/** All commands of `wetgrad`, with the manners they share. */
import { Command } from "commander";
import { bandwidthCommand } from "./bandwidth.ts";
import { cartpoleCommand } from "./cartpole.ts";
import { completionCommand } from "./completion.ts";
import { cultureCommand } from "./culture/command.ts";
import { dashboardCommand } from "./dashboard/command.ts";
import { demoCommand } from "./demo.ts";
import { deviceCommand } from "./device/command.ts";
import { doctorCommand } from "./doctor.ts";
import { doomCommand } from "./doom/command.ts";
import { emulatorCommand } from "./emulator/command.ts";
import { experimentCommand } from "./experiment/command.ts";
import { featuresCommand } from "./features/command.ts";
import { exitCodeOf, report } from "./manners/errors.ts";
import { packageVersion } from "./manners/version.ts";
import { modelCommand } from "./model/command.ts";
import { checkEnvironment } from "./options/environment.ts";
import { organoidCommand } from "./organoid/command.ts";
import { compareMethodsCommand } from "./organoid/compare-methods.ts";
import { pageCommand } from "./page.ts";
import { readCommand } from "./read/command.ts";
import { recordingCommand } from "./recording/command.ts";
import { reportCommand } from "./report.ts";
import { textCommand } from "./text/command.ts";
import { vatCommand } from "./vat/command.ts";
import { wiringCommand } from "./wiring/command.ts";

/** Does what `words` say and gives the exit code. */
export async function run(words: readonly string[]): Promise<number> {
  try {
    checkEnvironment(process.env);
    await createProgram().parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    report(error, process.stderr);
    return exitCodeOf(error);
  }
}

/** The whole command line, to run or to look at. */
export function createProgram(): Command {
  const program = new Command("wetgrad")
    .description(
      "Gradient descent on wetware: train a living network on an electrode array, or a simulated one.",
    )
    .version(packageVersion(), "-V, --version", "print the version");
  program.addCommand(demoCommand());
  program.addCommand(organoidCommand());
  program.addCommand(experimentCommand());
  program.addCommand(compareMethodsCommand());
  program.addCommand(cultureCommand());
  program.addCommand(deviceCommand());
  program.addCommand(emulatorCommand());
  program.addCommand(featuresCommand());
  program.addCommand(modelCommand());
  program.addCommand(recordingCommand());
  program.addCommand(textCommand());
  program.addCommand(readCommand());
  program.addCommand(vatCommand());
  program.addCommand(doomCommand());
  program.addCommand(wiringCommand());
  program.addCommand(cartpoleCommand());
  program.addCommand(bandwidthCommand());
  program.addCommand(reportCommand());
  program.addCommand(dashboardCommand());
  program.addCommand(pageCommand());
  program.addCommand(doctorCommand());
  program.addCommand(completionCommand(() => program));
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
