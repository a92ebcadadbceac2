#!/usr/bin/env node
/** `wetgrad`: the command line. */
import { endOnClosedPipe } from "./manners/pipes.ts";
import { run } from "./program.ts";

endOnClosedPipe();
process.exitCode = await run(process.argv.slice(2));
