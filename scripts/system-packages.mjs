// The programs that tests start and npm cannot bring: installed with apt where this runs as root on Debian, otherwise
// named in one clear line. Plain JavaScript: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian package by the program it brings. */
const NEEDED = { chromium: "chromium", "nats-server": "nats-server" };

/** What the Doom engine is compiled with: its tests skip where it is not there (scripts/doom-engine.mjs). */
const COMPILER = ["clang", "lld", "wasi-libc", "libclang-rt-dev-wasm32"];

const missing = Object.keys(NEEDED).filter((program) => !isOnPath(program));
if (missing.length > 0) {
  const packages = missing.map((program) => NEEDED[program]);
  const command = `apt-get install --no-install-recommends ${packages.join(" ")}`;
  if (process.getuid?.() !== 0 || !isOnPath("apt-get"))
    stop(`tests start ${missing.join(" and ")}: not found on PATH; as root, run: ${command}`);
  console.error(`installing ${packages.join(", ")} ...`);
  apt("update", "-qq");
  if (!apt("install", "-y", "-qq", "--no-install-recommends", ...packages))
    stop(`could not install ${packages.join(" and ")}: see above, then run: ${command}`);
}

const hasCompiler = ["clang", "clang-14"].some(isOnPath) && ["wasm-ld", "wasm-ld-14"].some(isOnPath);
if (!hasCompiler && process.getuid?.() === 0 && isOnPath("apt-get")) {
  console.error(`installing ${COMPILER.join(", ")} ...`);
  if (missing.length === 0) apt("update", "-qq");
  if (!apt("install", "-y", "-qq", "--no-install-recommends", ...COMPILER))
    console.error("no compiler for the Doom engine: its tests are skipped");
}

function apt(...words) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", words, { stdio: ["ignore", "ignore", 2], env }).status === 0;
}

function isOnPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function stop(line) {
  console.error(line);
  process.exit(2);
}
