// Makes a release ready: checks that the tree is clean and that versions agree, tries the package with native code and without,
// and leaves the tarball in release/. It publishes nothing: it prints the commands that do.
//   node scripts/release.mjs [VERSION]     with VERSION (semantic versioning) it writes that into the files that name one, first
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const read = (name) => readFileSync(join(root, name), "utf8");
const [wanted] = process.argv.slice(2);

if (wanted !== undefined) writeVersion(wanted);
const { version } = JSON.parse(read("package.json"));
const faults = [
  [!read("CITATION.cff").includes(`\nversion: ${version}\n`), `CITATION.cff: expected version ${version}`],
  [
    !read("CHANGELOG.md").includes(`\n## ${version}\n`),
    `CHANGELOG.md: expected a heading "## ${version}", with no "(unreleased)"`,
  ],
  [out("git", ["status", "--porcelain"]) !== "", "git: expected nothing uncommitted"],
].flatMap(([wrong, text]) => (wrong ? [text] : []));
if (faults.length > 0) {
  for (const fault of faults) console.error(fault);
  process.exit(2);
}

run(process.execPath, ["scripts/build.mjs"]);
const examples = "grow,plasticity,controller,lowering,record,wells,emulator,sweep".replace(/\w+/g, "$&.mjs");
for (const natives of [[], ["--no-natives"]])
  run(process.execPath, ["scripts/try-package.mjs", ...natives, "--examples", examples]);
mkdirSync(join(root, "release"), { recursive: true });
run("npm", ["pack", "--ignore-scripts", "--pack-destination", "release"]);
console.error(`
release/wetgrad-${version}.tgz is ready. To publish it:
  git tag v${version} && git push --tags
  npm publish release/wetgrad-${version}.tgz`);

function writeVersion(next) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(next)) {
    console.error(`version: expected one such as 1.2.3, got "${next}"`);
    process.exit(2);
  }
  run("npm", ["version", next, "--no-git-tag-version", "--allow-same-version"]);
  writeFileSync(
    join(root, "CITATION.cff"),
    read("CITATION.cff").replace(/^version: .*$/m, `version: ${next}`),
  );
}

function run(command, args) {
  const shell = process.platform === "win32" && command === "npm";
  const { status } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell });
  if (status !== 0) process.exit(status ?? 1);
}

function out(command, args) {
  return spawnSync(command, args, { cwd: root, encoding: "utf8" }).stdout;
}
