/** Results go to stdout: a table for people, one JSON value for programs. */
import colors from "picocolors";
import { type Paint, PLAIN } from "../../report/columns.ts";

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Colour on a terminal, none elsewhere. */
export function stdoutPaint(): Paint {
  return process.stdout.isTTY ? colors : PLAIN;
}
