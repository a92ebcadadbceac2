/** What is shipped: exact versions, the licences of others, and folders that others on the machine cannot read. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Checkpoints } from "../src/experiment/checkpoints/checkpoint.ts";
import { writeConfig } from "../src/experiment/folder.ts";
import { organoidConfig } from "../src/experiment/organoid/config.ts";
import { claimFolder } from "../src/files/claim.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const json = (name: string) => JSON.parse(readFileSync(join(root, name), "utf8"));

test("every dependency is pinned, in package.json and in the lock alike", () => {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = json("package.json");
  const lock = json("package-lock.json").packages;
  const all = { ...peerDependencies, ...dependencies, ...optionalDependencies, ...devDependencies };
  for (const [name, version] of Object.entries(all)) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-\d+)?$/);
    expect(lock[`node_modules/${name}`].version, name).toBe(version);
  }
});

test("the version that is cited is the package's", () => {
  expect(readFileSync(join(root, "CITATION.cff"), "utf8")).toContain(
    `\nversion: ${json("package.json").version}\n`,
  );
});

test("the package ships the licence of all that runs with it, HDF5's among them", () => {
  const text = execFileSync(process.execPath, ["scripts/notices.mjs"], { cwd: root, encoding: "utf8" });
  for (const [name, version] of Object.entries(json("package.json").dependencies))
    expect(text).toContain(`${name} ${version} (`);
  for (const built of ["preact", "uplot", "@noble/hashes", "onnxruntime-web"])
    expect(text).toContain(`${built} `);
  expect(text).toContain("HDF5 (Hierarchical Data Format 5) Software Library and Utilities");
  const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    ...{ cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  });
  const files = (JSON.parse(packed) as { files: { path: string }[] }[])[0].files.map(({ path }) => path);
  expect(files).toEqual(expect.arrayContaining(["LICENSE", "dist/THIRD-PARTY-NOTICES.txt"]));
  // The shim is ours; what is built of it and an engine is not (engines/doom).
  expect(files).toContain("engines/doom/shim/play.c");
  expect(files.filter((file) => /doom.*\.wasm$|\.wad$/i.test(file))).toEqual([]);
  expect(files.filter((file) => /\.map$|\.tsbuildinfo$|^dist\/bench/.test(file))).toEqual([]);
});

test.skipIf(process.platform === "win32")("a run's folder can be read by its owner only", () => {
  const above = mkdtempSync(join(tmpdir(), "wetgrad-package-"));
  const umask = process.umask(0);
  try {
    const run = join(above, "runs", "run");
    claimFolder(run).release();
    writeConfig(run, { kind: "organoid", config: organoidConfig.parse({}) });
    new Checkpoints(join(run, "stages"));
    for (const folder of ["runs", "runs/run", "runs/run/stages", "runs/run/claim"])
      expect(statSync(join(above, folder)).mode & 0o077, folder).toBe(0);
  } finally {
    process.umask(umask);
    rmSync(above, { recursive: true });
  }
});
