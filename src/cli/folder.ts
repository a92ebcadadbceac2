/** Folders that a command is told to write to, checked before any work is done. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { UsageError } from "./errors.ts";

/** Makes `path` if it is missing and sees that it can be written to. `flag` is named in the message. */
export function writableFolder(path: string, flag: string): string {
  try {
    if (existsSync(path) && !statSync(path).isDirectory())
      throw new UsageError(`${flag} ${path}: expected a folder, got a file`);
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new UsageError(`${flag} ${path}: the folder cannot be made or written to (${why}): choose another`);
  }
  return path;
}
