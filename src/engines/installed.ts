/** The engine and its data as they were built on this machine. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DoomParts } from "../games/doom/engine.ts";
import { EngineError } from "../games/doom/error.ts";
import { compile } from "../games/doom/web-assembly.ts";
import { shimHash } from "./compile.ts";
import { DATA_FILE, ENGINE_FILE, type Manifest, readManifest, sha256Of } from "./manifest.ts";
import { doomFolder } from "./place.ts";

export interface InstalledDoom extends DoomParts {
  readonly manifest: Manifest;
  /** The engine as it lies on the disk. */
  readonly wasm: Uint8Array;
}

const opened = new Map<string, InstalledDoom>();

/** Whether there is one of this version's shim, without reading it. */
export function isDoomInstalled(folder = doomFolder()): boolean {
  return readManifest(folder)?.shim.sha256 === shimHash() && existsSync(join(folder, ENGINE_FILE));
}

/**
 * Reads engine and data once. `build`: the engine that a run began with, by its SHA-256. Throws `EngineError` where nothing was
 * built, where a file has been changed since, and where it is another build.
 */
export function installedDoom(build?: string, folder = doomFolder()): InstalledDoom {
  const doom = opened.get(folder) ?? read(folder);
  opened.set(folder, doom);
  if (build !== undefined && build !== doom.build)
    throw new EngineError(
      `Doom: expected engine ${build.slice(0, 12)}, with which this began, got ${doom.build.slice(0, 12)} (${doom.manifest.compiler}); build that one again, or begin anew with another --out`,
    );
  return doom;
}

function read(folder: string): InstalledDoom {
  const manifest = readManifest(folder);
  if (manifest === null)
    throw new EngineError(
      `Doom: expected an engine in ${folder}, got none; run: wetgrad doom setup (needs clang with wasm, or see wetgrad doom setup --help)`,
    );
  const [wasm, wad] = (
    [
      [ENGINE_FILE, manifest.engine.sha256],
      [DATA_FILE, manifest.data.sha256],
    ] as const
  ).map(([file, sha256]) => {
    const path = join(folder, file);
    const bytes = existsSync(path) ? readFileSync(path) : new Uint8Array();
    const got = sha256Of(bytes);
    if (got !== sha256)
      throw new EngineError(
        `${path}: expected SHA-256 ${sha256.slice(0, 12)}, as it was built, got ${got.slice(0, 12)}; run: wetgrad doom setup`,
      );
    return bytes;
  });
  return { module: compile(wasm), build: manifest.engine.sha256, wads: [wad], manifest, wasm };
}
