#!/usr/bin/env node
/** `wetgrad`: the command line. */
import { exitCodeOf, report } from "./errors.ts";
import { createProgram } from "./program.ts";

try {
  await createProgram().parseAsync();
} catch (error) {
  report(error, process.stderr);
  process.exitCode = exitCodeOf(error);
}
