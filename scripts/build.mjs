// Builds dist/: the kernels (AssemblyScript -> wasm SIMD), the TypeScript sources, the dashboard's page (Vite),
// and the page that anyone can open.
// `--if-stale` does nothing when no source is newer than the last build.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { notices } from "./notices.mjs";
import { writePage } from "./page.mjs";
import { writeSitePage } from "./site.mjs";
import { vendor } from "./vendor.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "dist", ".built");
if (process.argv.includes("--if-stale") && existsSync(stamp) && newest() <= statSync(stamp).mtimeMs)
  process.exit(0);

compileKernel(join("src", "culture", "kernel", "kernel.ts"), join("src", "culture", "kernel.wasm"));
// Its threads share one memory, which no more than 4 GB can be.
compileKernel(join("src", "culture", "kernel", "large.ts"), join("src", "culture", "kernel-large.wasm"), [
  ...["--enable", "threads", "--sharedMemory", "--maximumMemory", "65536"],
]);
compileKernel(
  join("src", "compute", "training", "kernel", "optimiser.ts"),
  join("src", "compute", "training", "optimiser.wasm"),
);
compileKernel(
  join("src", "methods", "twin", "kernel", "kernel.ts"),
  join("src", "methods", "twin", "twin.wasm"),
);
compileKernel(join("src", "features", "kernel", "kernel.ts"), join("src", "features", "features.wasm"));
run("typescript/bin/tsc", ["-p", "tsconfig.build.json"]);
writeFileSync(join(root, "dist", "package.json"), manifest());
const page = join(root, "src", "dashboard", "page");
/** Bundled for browsers, not copied. */
const pages = [page, join(root, "src", "web", "page")];
// Data files travel beside the modules that read them.
cpSync(join(root, "src"), join(root, "dist", "src"), {
  recursive: true,
  filter: (path) =>
    !pages.some((folder) => path.startsWith(folder)) &&
    (statSync(path).isDirectory() || /\.(csv|html|css|json)$/.test(path)),
});
const { build } = await import("vite");
await build({
  ...{ configFile: false, root: page, base: "./", logLevel: "warn" },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: join(root, "dist", "src", "dashboard", "page"),
    emptyOutDir: true,
    modulePreload: false,
    assetsInlineLimit: 0,
  },
});
await writePage(root, join(root, "dist", "page"));
await writeSitePage(root, join(root, "dist", "site"));
vendor(join(root, "dist", "vendor"));
writeFileSync(join(root, "dist", "THIRD-PARTY-NOTICES.txt"), notices());
writeFileSync(stamp, "");

function compileKernel(source, target, more = []) {
  mkdirSync(dirname(join(root, "dist", target)), { recursive: true });
  run("assemblyscript/bin/asc.js", [
    source,
    ...["-o", join("dist", target)],
    ...["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--importMemory"],
    ...more,
  ]);
}

/** Of what is built: in place of a source that a `#name` of package.json leads to stands what it was compiled to. */
function manifest() {
  const { name, version, type, imports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const built = (target) =>
    typeof target === "string"
      ? target.replace("./dist/", "./").replace(/\.ts$/, ".js")
      : Object.fromEntries(Object.entries(target).map(([condition, path]) => [condition, built(path)]));
  return `${JSON.stringify({ name, version, type, private: true, imports: built(imports) }, null, 2)}\n`;
}

function run(tool, args) {
  const { status } = spawnSync(process.execPath, [join("node_modules", tool), ...args], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** The newest modification time (ms) of anything the build reads. */
function newest() {
  const lock = statSync(join(root, "package-lock.json")).mtimeMs;
  let latest = Math.max(lock, statSync(join(root, "package.json")).mtimeMs);
  for (const folder of ["src", "bench", "scripts"])
    for (const name of readdirSync(join(root, folder), { recursive: true }))
      latest = Math.max(latest, statSync(join(root, folder, name)).mtimeMs);
  return Math.max(latest, statSync(join(root, "tsconfig.build.json")).mtimeMs);
}
