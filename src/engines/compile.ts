/** Compiles the engine: chocolate-doom's files that play and draw, and the shim in place of its platform. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineError } from "../games/doom/error.ts";
import { sha256Of } from "./manifest.ts";
import type { Compiler } from "./programs.ts";

/** Of `src/`: no platform, no menus' files, no network. */
const SHARED =
  "d_mode d_event deh_str m_argv m_bbox m_cheat m_fixed m_misc m_controls tables v_video w_wad z_zone".split(
    " ",
  );
/** Of `src/doom/`: all but what reads patches of the program itself, its icon, and statistics. */
const isLeftOut = (file: string) =>
  (/^deh_/.test(file) && file !== "deh_misc.c") || /^(doom_icon|statdump)\.c$/.test(file);

const FLAGS = ["--target=wasm32-wasi", "-O2", "-w", "-fno-strict-aliasing"];
const LINK_FLAGS = [
  "--target=wasm32-wasi",
  "-mexec-model=reactor",
  "-Wl,--strip-debug",
  "-Wl,-z,stack-size=262144",
];

/** engines/doom of the repository, or of the package. */
export function shimFolder(): string {
  const found = ["../../engines/doom", "../../../engines/doom"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(join(path, "shim")));
  if (!found)
    throw new EngineError(
      "Doom: expected the shim in engines/doom of wetgrad, got none: install wetgrad anew",
    );
  return found;
}

const filesOf = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));

/** One hash of the shim and its headers. */
export function shimHash(): string {
  const files = ["shim", "include"].flatMap((part) => filesOf(join(shimFolder(), part)));
  return sha256Of(...files.flatMap((path) => [basename(path), readFileSync(path)]));
}

export interface CompileOptions {
  readonly compiler: Compiler;
  /** An unpacked source tree of chocolate-doom. */
  readonly source: string;
  /** Where object files go. */
  readonly work: string;
  readonly target: string;
}

/** Throws `EngineError` where the source is none, or a file cannot be compiled. */
export async function compileEngine({ compiler, source, work, target }: CompileOptions): Promise<void> {
  const src = join(source, "src");
  const game = join(src, "doom");
  if (!existsSync(join(game, "p_mobj.c")))
    throw new EngineError(
      `--source ${source}: expected a source tree of chocolate-doom, with src/doom/p_mobj.c, got none`,
    );
  const shim = shimFolder();
  const files = [
    ...SHARED.map((name) => join(src, `${name}.c`)),
    ...filesOf(game).filter((path) => path.endsWith(".c") && !isLeftOut(basename(path))),
    ...filesOf(join(shim, "shim")).filter((path) => path.endsWith(".c")),
  ];
  // Else messages of the engine name folders of this machine, and no two builds are the same.
  const anywhere = [source, shim].map((folder) => `-fmacro-prefix-map=${folder}/=`);
  const include = [join(shim, "include"), join(shim, "shim"), src, game].flatMap((folder) => ["-I", folder]);
  mkdirSync(work, { recursive: true });
  const jobs = files.map((path, i) => ({ path, object: join(work, `${i}-${basename(path, ".c")}.o`) }));
  const queue = [...jobs];
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift())
      await tell(compiler.command, [...FLAGS, ...anywhere, ...include, "-c", job.path, "-o", job.object]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  await tell(compiler.command, [...LINK_FLAGS, ...jobs.map(({ object }) => object), "-o", target]);
}

function tell(command: string, words: readonly string[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(command, words, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (piece: Buffer) => {
      said += piece.toString();
    });
    child.once("error", (error) => failed(new EngineError(`${command}: ${error.message}; set CLANG`)));
    child.once("close", (code) => {
      const first =
        said.split("\n").find((line) => /error|not found|unable/i.test(line)) ?? `exit code ${code}`;
      if (code === 0) done();
      else
        failed(
          new EngineError(
            `${command}: ${first.trim()}; expected clang with a wasm target, lld, wasi-libc and the wasm runtime (see wetgrad doom setup --help)`,
          ),
        );
    });
  });
}
