/** Files that are there whole or not at all, whatever is killed when. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { threadId } from "node:worker_threads";

/** What an interrupted write leaves behind ends so. */
export const PARTIAL = ".part";

/** Writes `parts` beside `path`, forces them to disk, then renames: a kill leaves the old file or the new one. */
export function writeWhole(path: string, ...parts: readonly (string | Uint8Array)[]): void {
  const partial = `${path}.${process.pid}-${threadId}${PARTIAL}`;
  const file = openSync(partial, "w");
  try {
    for (const part of parts) {
      const bytes = typeof part === "string" ? Buffer.from(part) : part;
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(partial, path);
  syncFolder(dirname(path));
}

/** Makes the rename itself durable, where the platform lets a folder be synced. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
