// Tries the package as a stranger meets it: packs it, installs the tarball into an empty folder from the registry, runs the
// command line and the examples there, and prints one line of JSON with sizes and times.
//   node scripts/try-package.mjs [--no-natives] [--examples a.mjs,b.mjs]     exit code 77: no registry answers
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const NO_REGISTRY = 77;
/** The whole experiment at its smallest: every stage, with a report. */
const SMALL_RUN = [
  ...[
    "organoid",
    "--series",
    "noisy-cycle",
    "--seeds",
    "1",
    "--cycles",
    "1",
    "--arms",
    "descent,sham",
    "--code",
    "assigned",
  ],
  ...[
    "--neurons",
    "120",
    "--presentations",
    "16",
    "--probe-trials",
    "16",
    "--babble-trials",
    "200",
    "--fit-steps",
    "10",
  ],
  ...["--retention", "0", "--workers", "1", "--out", "run"],
];
const { values } = parseArgs({
  options: { "no-natives": { type: "boolean" }, examples: { type: "string" } },
});

if (npm(["ping", "--fetch-retries=0", "--fetch-timeout=10000"], root).status !== 0) {
  console.error("no registry answers `npm ping`: the package is not tried");
  process.exit(NO_REGISTRY);
}
const folder = realpathSync(mkdtempSync(join(tmpdir(), "wetgrad package ")));
try {
  process.stdout.write(`${JSON.stringify(tryPackage())}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function tryPackage() {
  const packed = JSON.parse(
    must(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root)),
  );
  const [{ filename, size, unpackedSize }] = packed;
  const app = join(folder, "an app");
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), '{ "type": "module" }\n');
  const started = Date.now();
  must(
    npm(
      [
        "install",
        join(folder, filename),
        "--prefer-offline",
        ...(values["no-natives"] ? ["--omit=optional"] : []),
      ],
      app,
    ),
  );
  const installSeconds = (Date.now() - started) / 1000;
  const installedMB = bytesIn(join(app, "node_modules")) / 1e6;
  const version = must(npm(["exec", "--no", "--", "wetgrad", "--version"], app)).trim();
  const examples = {};
  for (const name of values.examples?.split(",") ?? []) {
    const from = Date.now();
    must(
      spawnSync(process.execPath, [join("node_modules", "wetgrad", "examples", name)], {
        cwd: app,
        encoding: "utf8",
      }),
    );
    examples[name] = (Date.now() - from) / 1000;
  }
  const from = Date.now();
  must(npm(["exec", "--no", "--", "wetgrad", ...SMALL_RUN], app));
  const runSeconds = (Date.now() - from) / 1000;
  const natives = readdirSync(join(app, "node_modules")).filter((name) =>
    /^(onnxruntime-node|zeromq)$/.test(name),
  );
  return {
    version,
    natives,
    tarballMB: size / 1e6,
    unpackedMB: unpackedSize / 1e6,
    installedMB,
    installSeconds,
    runSeconds,
    examples,
  };
}

function npm(args, cwd) {
  // onnxruntime-node's install script fetches GPU libraries that the CPU provider does not need.
  const env = {
    ...process.env,
    ONNXRUNTIME_NODE_INSTALL: "skip",
    npm_config_audit: "false",
    npm_config_fund: "false",
  };
  // On Windows npm is a script, which only a shell can start.
  return spawnSync("npm", args.map(quoted), {
    cwd,
    env,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
}

function quoted(word) {
  return process.platform === "win32" && /\s/.test(word) ? `"${word}"` : word;
}

function must({ status, stdout, stderr, error }) {
  if (status !== 0) throw new Error(`exit code ${status}: ${error ?? ""}${stdout}${stderr}`);
  return stdout;
}

function bytesIn(path) {
  let bytes = 0;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += statSync(join(entry.parentPath ?? entry.path, entry.name)).size;
  return bytes;
}
