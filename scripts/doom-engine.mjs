// The Doom engine that tests play in: built once into the user's cache (7 s), where apt and clang are there; otherwise one line says
// that its tests are skipped. Plain JavaScript over what is built.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const main = join(dirname(fileURLToPath(import.meta.url)), "..", "dist", "src", "cli", "main.js");
const { status, stderr } = spawnSync(process.execPath, [main, "doom", "setup"], {
  stdio: ["ignore", "ignore", "pipe"],
  encoding: "utf8",
});
if (status !== 0) console.error(`tests of the Doom engine are skipped: ${stderr.trim().split("\n").at(-1)}`);
