/** What was built of what: kept beside the built engine, and looked at before it is used. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../games/doom/error.ts";

export interface Part {
  /** File, package or program, with its version. */
  readonly name: string;
  readonly sha256: string;
}

export interface Manifest {
  readonly engine: Part;
  readonly data: Part;
  /** What the engine was compiled of and by. */
  readonly source: Part;
  readonly shim: Part;
  readonly compiler: string;
}

export const MANIFEST_FILE = "manifest.json";
export const ENGINE_FILE = "doom.wasm";
export const DATA_FILE = "game.wad";

export function sha256Of(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** Null where nothing was built here. */
export function readManifest(folder: string): Manifest | null {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) return null;
  try {
    const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
    if (manifest.engine.sha256 && manifest.data.sha256) return manifest;
  } catch {
    // Told below.
  }
  throw new EngineError(
    `${path}: expected what wetgrad doom setup writes, got something else; run: wetgrad doom setup`,
  );
}
