// Makes a fresh clone runnable: installs what package-lock.json asks for when it is missing or older,
// then builds when a source is newer than the last build. Plain JavaScript: nothing is installed yet.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`wetgrad needs Node >= 20.19, this is ${process.version}: install a newer Node.`);
  process.exit(2);
}

const installed = join(root, "node_modules", ".package-lock.json");
const lock = join(root, "package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error("installing dependencies ...");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
}
run(process.execPath, [join(root, "scripts", "build.mjs"), "--if-stale"]);

function run(command, args) {
  // onnxruntime-node's install script fetches GPU libraries that the CPU provider does not need.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  // On Windows npm is a script, which only a shell can start; a path of Node's own with blanks it would cut.
  const shell = process.platform === "win32" && command === "npm";
  const { status } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], env, shell });
  if (status !== 0) process.exit(status ?? 1);
}
