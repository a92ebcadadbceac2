/** One hash of all that lies in a folder: names and bytes, not times. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join, relative, sep } from "node:path";

const PIECE_BYTES = 1 << 20;

/** SHA-256 of every file under `folder` by its path, but of the files and folders named in `except`. */
export function fileHashes(folder: string, except: readonly string[] = []): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const paths = files.map(({ parentPath, name }) =>
    relative(folder, join(parentPath, name)).split(sep).join("/"),
  );
  return Object.fromEntries(
    paths
      .filter((path) => !except.includes(path.split("/")[0]))
      .sort()
      .map((path) => [path, hashOf(join(folder, path))]),
  );
}

/** The hash of `fileHashes`: what `sha256sum` would print of them, line by line, hashed again. */
export function folderHash(folder: string, except: readonly string[] = []): string {
  const lines = Object.entries(fileHashes(folder, except)).map(([path, hash]) => `${hash}  ${path}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/** A piece at a time: a recording may be larger than memory. */
function hashOf(path: string): string {
  const hash = createHash("sha256");
  const piece = Buffer.alloc(PIECE_BYTES);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece))
      hash.update(piece.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
