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
  compute: ["math", "wasm"],
  networks: ["math", "compute"],
  recording: ["math", "files", "threads"],
  device: ["math", "recording", "culture"],
  forecast: ["math", "compute", "networks", "recording"],
  tissue: ["math", "files", "threads", "culture", "device", "experiment"],
  protocol: ["device", "tasks"],
  tasks: ["math", "compute", "networks", "recording", "emulator", "protocol", "experiment"],
  emulator: ["math", "compute", "networks", "tasks"],
  report: ["math", "files"],
  bandwidth: ["math", "files", "culture", "device", "modality", "report"],
  experiment: [
    "math",
    "files",
    "threads",
    "wasm",
    "compute",
    "networks",
    "recording",
    "culture",
    "device",
    "tissue",
    "protocol",
    "tasks",
    "emulator",
    "report",
  ],
};
below.dashboard = [...below.experiment, "experiment"];
below.cli = [...Object.keys(below)];

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
