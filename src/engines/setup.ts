/** Builds the Doom engine into the user's cache, and puts Freedoom beside it. What is there and the same is left as it is. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder } from "../files/folder.ts";
import { writeWhole } from "../files/whole.ts";
import { DoomEngine } from "../games/doom/engine.ts";
import { EngineError } from "../games/doom/error.ts";
import { readWad } from "../games/doom/wads/read.ts";
import { compile } from "../games/doom/web-assembly.ts";
import { compileEngine, shimHash } from "./compile.ts";
import {
  DATA_FILE,
  ENGINE_FILE,
  MANIFEST_FILE,
  type Manifest,
  type Part,
  readManifest,
  sha256Of,
} from "./manifest.ts";
import { fetchData, fetchSource } from "./packages.ts";
import { doomFolder } from "./place.ts";
import { type Compiler, compilerHere } from "./programs.ts";

export interface SetupOptions {
  /** A source tree of chocolate-doom; Debian's by apt if not given. */
  readonly source?: string | undefined;
  /** A game's WAD; Freedoom's second by apt if not given. */
  readonly wad?: string | undefined;
  /** Builds also what is there. */
  readonly again?: boolean;
  readonly folder?: string;
  readonly say: (line: string) => void;
}

export interface SetupResult {
  readonly folder: string;
  readonly manifest: Manifest;
  /** False where all was there already. */
  readonly isNew: boolean;
}

/** Throws `EngineError` where a part is missing or is something else. */
export async function setUpDoom(options: SetupOptions): Promise<SetupResult> {
  const { folder = doomFolder(), again = false, say } = options;
  const wad = options.wad === undefined ? null : gameWad(options.wad);
  const compiler = compilerHere();
  const there = readManifest(folder);
  const isSame =
    there !== null &&
    there.shim.sha256 === shimHash() &&
    there.compiler === compiler.version &&
    options.source === undefined &&
    wad === null;
  if (isSame && !again && isWhole(folder, there)) return { folder, manifest: there, isNew: false };
  makeFolder(folder);
  const work = mkdtempSync(join(folder, "build-"));
  try {
    const source = options.source
      ? { folder: resolve(options.source), name: resolve(options.source), sha256: "" }
      : fetchSource(work, say);
    const data = wad ?? debianWad(work, say);
    const engine = await build(source, { work, compiler, say });
    // A wasm that plays is worth keeping.
    DoomEngine.open({ module: compile(engine), build: "", wads: [data.bytes] }).start({ skill: 2, map: 1 });
    const part = (name: string, bytes: Uint8Array): Part => ({ name, sha256: sha256Of(bytes) });
    const manifest: Manifest = {
      engine: part(ENGINE_FILE, engine),
      data: part(data.name, data.bytes),
      source: { name: source.name, sha256: source.sha256 },
      shim: { name: "engines/doom", sha256: shimHash() },
      compiler: compiler.version,
    };
    renameSync(join(work, ENGINE_FILE), join(folder, ENGINE_FILE));
    copyFileSync(data.path, join(work, DATA_FILE));
    renameSync(join(work, DATA_FILE), join(folder, DATA_FILE));
    writeWhole(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    return { folder, manifest, isNew: true };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

interface Building {
  readonly work: string;
  readonly compiler: Compiler;
  readonly say: (line: string) => void;
}

async function build(
  { folder }: { readonly folder: string },
  { work, compiler, say }: Building,
): Promise<Uint8Array> {
  say(`compiling with ${compiler.version} ...`);
  const target = join(work, ENGINE_FILE);
  await compileEngine({ compiler, source: folder, work: join(work, "objects"), target });
  return readFileSync(target);
}

interface GameData {
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Throws `EngineError` where the file is no game's WAD. */
function gameWad(path: string, name = resolve(path)): GameData {
  const bytes = readFileSync(path);
  let kind: string;
  try {
    kind = readWad(bytes).kind;
  } catch (error) {
    throw new EngineError(`${path}: ${(error as Error).message}`);
  }
  if (kind !== "IWAD")
    throw new EngineError(
      `${path}: expected a game's WAD (IWAD), got a patch (PWAD); give another with --wad`,
    );
  return { name, path, bytes };
}

function debianWad(work: string, say: (line: string) => void): GameData {
  const { folder, name } = fetchData(work, say);
  return gameWad(join(folder, "usr/share/games/doom/freedoom2.wad"), `freedoom2.wad of ${name}`);
}

function isWhole(folder: string, { engine, data }: Manifest): boolean {
  return (
    [
      [ENGINE_FILE, engine],
      [DATA_FILE, data],
    ] as const
  ).every(([file, { sha256 }]) => {
    const path = join(folder, file);
    return existsSync(path) && sha256Of(readFileSync(path)) === sha256;
  });
}
