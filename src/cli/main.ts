#!/usr/bin/env node
/** `wetgrad`: the command line. */
import { endOnClosedPipe } from "./manners/pipes.ts";
import { run } from "./program.ts";

endOnClosedPipe();
// A write beyond the limit of file sizes is an error like another, not the end of the process.
process.on("SIGXFSZ", () => {});
process.exitCode = await run(process.argv.slice(2));
