/** The options of every command that makes a run: its folder, its threads, how its result is printed. */
import type { Command } from "commander";
import { numberOf } from "./numbers.ts";

export interface RunFlags {
  readonly workers?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly open?: boolean;
}

/** Adds them; `folder` says where the run goes that names none. */
export function withRunOptions(command: Command, folder: string): Command {
  return command
    .option("--workers <n>", "worker threads (default: one per core)")
    .option("--out <dir>", `folder of the run (default: ${folder})`)
    .option("--open", "show the report in the browser at the end (with --live: the page at once)")
    .option("--json", "print the result as JSON");
}

/** Worker threads asked for; undefined where the machine's cores decide. */
export function workersOf({ workers }: RunFlags): number | undefined {
  return workers === undefined
    ? undefined
    : numberOf(workers, "--workers", { min: 1, max: 1024, whole: true });
}
