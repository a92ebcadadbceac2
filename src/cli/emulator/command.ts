/** `wetgrad emulator`: forecasting emulators of recordings. */
import { Command } from "commander";
import { adaptCommand } from "./adapt.ts";
import { compareEmulatorCommand, scoreCommand } from "./compare.ts";
import { fitCommand } from "./fit.ts";
import { forecastCommand } from "./forecast.ts";
import { sampleCommand } from "./sample.ts";

export function emulatorCommand(): Command {
  return new Command("emulator")
    .description("fit a forecasting emulator to a recording, score it beside baselines, and use it")
    .addCommand(fitCommand())
    .addCommand(forecastCommand())
    .addCommand(scoreCommand())
    .addCommand(compareEmulatorCommand())
    .addCommand(sampleCommand())
    .addCommand(adaptCommand());
}
