/** What the commands on wiring diagrams share: how one is read, where one is written, what is told of it. */
import { dirname } from "node:path";
import type { Command } from "commander";
import type { Wiring } from "../../wiring/contract.ts";
import type { WiringDescription } from "../../wiring/describe.ts";
import type { ReadWiringOptions } from "../../wiring/layouts/read.ts";
import { UsageError, wrongOption } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson } from "../manners/output.ts";

export interface WiringTexts {
  readonly columns?: string;
  readonly annotation?: string;
  readonly signs?: string;
}

export function withWiringOptions(command: Command): Command {
  return command
    .option(
      "--columns <what=name,...>",
      "of a table of pairs, columns by what they hold: pre, post, weight, sign, transmitter, kind; id of the annotation",
    )
    .option("--annotation <file>", "a table of what the cells are, for a table of pairs")
    .option(
      "--signs <rule>",
      "who excites and inhibits, such as transmitter:ACH=+,GABA=-,DA=0,else=+ or class:LN=-,else=30%@1 (a share, and the seed it is drawn by)",
    );
}

export async function readOptionsOf({ columns, annotation, signs }: WiringTexts): Promise<ReadWiringOptions> {
  const { COLUMNS } = await import("../../wiring/layouts/read.ts");
  const named: Record<string, string> = {};
  for (const part of columns?.split(",") ?? []) {
    const equals = part.indexOf("=");
    const [what, name] = [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
    if (equals < 1 || name === "" || !(COLUMNS as readonly string[]).includes(what))
      throw wrongOption("--columns", `what=name with what one of ${COLUMNS.join(", ")}`, part);
    named[what] = name;
  }
  return {
    columns: named,
    ...(annotation !== undefined && { annotation }),
    ...(signs !== undefined && { signs }),
  };
}

/** A name ending in .safetensors, in a folder that can be written to. */
export function wiringFile(path: string): string {
  if (!/\.safetensors$/i.test(path))
    throw new UsageError(`<out>: expected a file name ending in .safetensors, got ${path}`);
  writableFolder(dirname(path), "<out>");
  return path;
}

/** Writes the wiring and says what it is. */
export async function writeAndTell(out: string, wiring: Wiring, json: boolean | undefined): Promise<void> {
  const { saveWiring } = await import("../../wiring/file/save.ts");
  const { describeWiring } = await import("../../wiring/describe.ts");
  saveWiring(out, wiring);
  const description = describeWiring(wiring);
  if (json) printJson({ ...description, out });
  else print(`${out}: ${summary(description)}`);
  tell(description);
}

export function summary({ cells, connections, synapses }: WiringDescription): string {
  return `${cells} cells, ${connections} connections, ${synapses} synapses`;
}

/** Warnings go to stderr, so that results stay clean. */
export function tell({ warnings }: WiringDescription): void {
  for (const warning of warnings) process.stderr.write(`note: ${warning}\n`);
}
