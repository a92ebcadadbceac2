/** `--with FILE[,FILE]`: files of one's own, loaded before the plan is checked. */
import type { Command } from "commander";
import type { Extension } from "../../experiment/extensions/extension.ts";
import { words } from "./schema.ts";

export interface ExtensionFlags {
  readonly with?: string;
}

export function withExtensions(command: Command): Command {
  return command.option("--with <file,...>", "ES modules that register tasks or methods (see examples/)");
}

/** Loads what `--with` names; undefined where it names nothing. */
export async function extensionsOf({ with: files }: ExtensionFlags): Promise<Extension[] | undefined> {
  if (files === undefined) return undefined;
  const { loadExtensions } = await import("../../experiment/extensions/load.ts");
  return loadExtensions(words(files));
}
