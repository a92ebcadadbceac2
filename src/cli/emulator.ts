/** `wetgrad emulator`: forecasting emulators of recordings. */
import { Command } from "commander";
import { adaptCommand } from "./emulator-adapt.ts";
import { compareEmulatorCommand, scoreCommand } from "./emulator-compare.ts";
import { fitCommand } from "./emulator-fit.ts";
import { forecastCommand } from "./emulator-forecast.ts";
import { sampleCommand } from "./emulator-sample.ts";

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
