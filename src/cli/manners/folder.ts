/** Folders that a command is told to write to, checked before any work is done, and without leaving a trace. */
import { existsSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "./errors.ts";

/** Sees that `path` is a folder that can be written to, or can be made. `flag` is named in the message. */
export function writableFolder(path: string, flag: string): void {
  let existing = resolve(path);
  while (existing !== dirname(existing) && !existsSync(existing)) existing = dirname(existing);
  try {
    if (!statSync(existing).isDirectory())
      throw new UsageError(`${flag} ${path}: expected a folder, but ${existing} is a file: choose another`);
    // Permission bits tell a superuser nothing, nor of read-only disks: only making something does.
    rmdirSync(mkdtempSync(join(existing, ".wetgrad-")));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${flag} ${path}: cannot be written to (${code ?? error}): choose another folder`);
  }
}
