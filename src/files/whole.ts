/** Files that are there whole or not at all, whatever is killed when. */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { threadId } from "node:worker_threads";
import { storageFault } from "./storage.ts";

/** What an interrupted write leaves behind ends so. */
export const PARTIAL = ".part";
const LEFTOVER = /\.\d+-\d+\.part$/;

/**
 * Writes `parts` beside `path`, forces them to disk, then renames: a kill leaves the old file or the new one. Throws `StorageError`
 * where the disk is full or fails; then nothing is left of the new file.
 */
export function writeWhole(path: string, ...parts: readonly (string | Uint8Array)[]): void {
  const partial = `${path}.${process.pid}-${threadId}${PARTIAL}`;
  try {
    writeThrough(partial, parts);
    renameSync(partial, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(partial, { force: true });
    throw storageFault(error, path);
  }
}

/** Removes what killed processes left of `writeWhole` in a folder and those below it, but of folders that `isAnothers`. */
export function removeLeftovers(folder: string, isAnothers: (below: string) => boolean): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !isAnothers(path)) removeLeftovers(path, isAnothers);
    if (entry.isFile() && LEFTOVER.test(entry.name)) rmSync(path, { force: true });
  }
}

function writeThrough(path: string, parts: readonly (string | Uint8Array)[]): void {
  const file = openSync(path, "w");
  try {
    for (const part of parts) {
      const bytes = typeof part === "string" ? Buffer.from(part) : part;
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
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
