/** Programs of the machine: whether one is there, and a compiler that makes wasm. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { EngineError } from "../games/doom/error.ts";

export function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Debian's newest first; `CLANG` before all. */
const COMPILERS = ["clang", "clang-19", "clang-18", "clang-17", "clang-16", "clang-15", "clang-14"];
const INSTALL = "apt-get install --no-install-recommends clang lld wasi-libc libclang-rt-dev-wasm32";

export interface Compiler {
  readonly command: string;
  readonly version: string;
}

/** Null where there is none that is known to make wasm. */
export function findCompiler(): Compiler | null {
  const asked = process.env["CLANG"];
  for (const command of asked ? [asked] : COMPILERS) {
    const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
    if (status === 0) return { command, version: stdout.split("\n")[0].trim() };
  }
  return null;
}

/** Throws `EngineError` where there is none. */
export function compilerHere(): Compiler {
  const found = findCompiler();
  if (found) return found;
  const asked = process.env["CLANG"];
  throw new EngineError(
    `Doom: expected clang, which compiles the engine, got none${asked ? ` as CLANG=${asked}` : " on PATH"}; as root, run: ${INSTALL}; or set CLANG`,
  );
}
