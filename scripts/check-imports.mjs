// The order of src (docs/design.md): a room imports only the rooms that its README.md names (and itself), which stand below it;
// no files import each other in a circle (types count, too), and no folder holds more than twenty files.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { circlesOf, importsBelow } from "./imports.mjs";

const MOST_FILES = 20;

const src = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
/** A `#name` of package.json may stand for any of its targets below src. */
const manifest = JSON.parse(readFileSync(join(src, "..", "package.json"), "utf8"));
const named = Object.entries(manifest.imports).map(([name, target]) => [
  name,
  (typeof target === "string" ? [target] : Object.values(target)).flatMap((path) =>
    path.startsWith("./src/") ? path.slice("./src/".length) : [],
  ),
]);
const imports = importsBelow(src, (file) => file.startsWith("culture/kernel/"), new Map(named));
const rooms = readdirSync(src, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
);
const below = Object.fromEntries(rooms.map((room) => [room, roomsBelow(room)]));
/** The entry of the package stands above all rooms; none may import it. */
below["index.ts"] = Object.keys(below);
const roomOf = (file) => file.split("/")[0];
const faults = [];

for (const [file, targets] of imports) {
  const room = roomOf(file);
  if (!below[room]) faults.push(`src/${file}: unknown room "${room}"`);
  else
    for (const other of new Set([...targets].map(roomOf)))
      if (other !== room && !below[room].includes(other))
        faults.push(`src/${file} imports ${other}, which is not below ${room}`);
}

for (const circle of circlesOf(imports))
  faults.push(`these import each other in a circle: ${circle.map((file) => `src/${file}`).join(", ")}`);

const roomsBelowEach = rooms.map((room) => [room, new Set(below[room].filter((other) => other !== room))]);
for (const circle of circlesOf(new Map(roomsBelowEach)))
  faults.push(`these rooms may import each other in a circle: ${circle.join(", ")}`);

const folders = readdirSync(src, { recursive: true, withFileTypes: true });
const counts = new Map();
for (const entry of folders) {
  if (entry.isDirectory()) continue;
  const folder = entry.parentPath.slice(src.length + 1).replaceAll("\\", "/");
  counts.set(folder, (counts.get(folder) ?? 0) + 1);
}
for (const [folder, count] of counts)
  if (count > MOST_FILES)
    faults.push(
      `src/${folder} holds ${count} files: divide it, so that no part holds more than ${MOST_FILES}`,
    );
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}

/** The rooms that a room says it may import. */
function roomsBelow(room) {
  const door = join(src, room, "README.md");
  const said = existsSync(door) && /^May import: (.+)\.$/m.exec(readFileSync(door, "utf8"))?.[1];
  if (!said) {
    console.error(
      `src/${room}/README.md: expected a line "May import: ROOM, ROOM." (or "no room", "every room")`,
    );
    process.exit(1);
  }
  if (said === "no room") return [];
  return said === "every room" ? rooms : said.split(", ");
}
