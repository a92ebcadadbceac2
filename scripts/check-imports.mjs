// The import rule of docs/design.md: a room may import only the rooms listed for it (and itself).
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const below = {
  math: [],
  files: [],
  threads: [],
  wasm: [],
  culture: ["math", "wasm"],
  modality: ["math"],
  bandwidth: ["math", "files", "culture", "device", "modality", "report"],
  compute: ["math", "wasm"],
  recording: ["math", "files", "threads"],
  device: ["math", "recording", "culture"],
  task: ["math", "recording"],
  emulator: ["math", "compute", "recording"],
  bridge: ["math", "compute", "emulator"],
  report: ["math", "files"],
  descent: [
    "math",
    "compute",
    "recording",
    "culture",
    "device",
    "task",
    "emulator",
    "bridge",
    "report",
    "files",
    "threads",
    "wasm",
  ],
  vat: [
    "math",
    "files",
    "threads",
    "compute",
    "recording",
    "culture",
    "device",
    "task",
    "emulator",
    "bridge",
    "report",
    "descent",
  ],
  dashboard: [
    "math",
    "files",
    "compute",
    "recording",
    "culture",
    "device",
    "task",
    "emulator",
    "bridge",
    "report",
    "descent",
    "vat",
  ],
  cli: [
    "files",
    "modality",
    "bandwidth",
    "math",
    "compute",
    "recording",
    "culture",
    "device",
    "task",
    "emulator",
    "bridge",
    "report",
    "descent",
    "vat",
    "dashboard",
  ],
};

const src = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
const faults = [];
for (const name of readdirSync(src, { recursive: true })) {
  if (!/\.tsx?$/.test(name) || name.startsWith(join("culture", "kernel"))) continue;
  const room = name.split(/[\\/]/)[0];
  if (!below[room]) {
    faults.push(`src/${name}: unknown room "${room}"`);
    continue;
  }
  const text = readFileSync(join(src, name), "utf8");
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
    const other = relative(src, resolve(src, dirname(name), target)).split(/[\\/]/)[0];
    if (other !== room && !below[room].includes(other))
      faults.push(`src/${name} imports ${other}, which is not below ${room}`);
  }
}
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
