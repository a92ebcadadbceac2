/**
 * Source and data from Debian, by package name, without root: apt with lists and caches of its own, so that the system's stay as
 * they are. apt checks what it fetches against the archive's signed lists; what is known here is checked once more.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../games/doom/error.ts";
import { type Part, sha256Of } from "./manifest.ts";
import { isOnPath } from "./programs.ts";

/** By file name, as Debian 12 has them. Of another release there is apt's own check. */
const KNOWN: Readonly<Record<string, string>> = {
  "chocolate-doom_3.0.1+really3.0.0+git1471.orig.tar.gz":
    "dcc267e6321c6a61e8619df7a99a039f41db36bf700957bb33cb28721adf2f7f",
  "freedoom_0.12.1-2_all.deb": "c5b7cf1aa6dde8c980271981ce75b9b4a9e7b634b9db93d471f54bab7a8e1290",
};

const LISTS = "/etc/apt/sources.list.d";

export interface Fetched extends Part {
  /** Where it was unpacked to. */
  readonly folder: string;
}

/** Fetches the engine's source into `folder`, and unpacks it. */
export function fetchSource(folder: string, say: (line: string) => void): Fetched {
  const apt = ownApt(folder, say);
  say("fetching the source of chocolate-doom ...");
  apt("source", "--download-only", "-qq", "chocolate-doom");
  const archive = fetched(folder, /^chocolate-doom_.*\.orig\.tar\.(gz|xz)$/);
  tell("tar", ["-xf", archive.name], folder);
  const unpacked = readdirSync(folder).find((name) => name.startsWith("chocolate-doom-"));
  if (!unpacked) throw new EngineError(`${archive.name}: expected a folder chocolate-doom-..., got none`);
  return { ...archive, folder: join(folder, unpacked) };
}

/** Fetches Freedoom into `folder`, and unpacks it. */
export function fetchData(folder: string, say: (line: string) => void): Fetched {
  const apt = ownApt(folder, say);
  say("fetching Freedoom ...");
  apt("download", "-qq", "freedoom");
  const archive = fetched(folder, /^freedoom_.*\.deb$/);
  const unpacked = join(folder, "freedoom");
  tell("dpkg-deb", ["-x", archive.name, unpacked], folder);
  return { ...archive, folder: unpacked };
}

function ownApt(folder: string, say: (line: string) => void): (...words: string[]) => void {
  if (!isOnPath("apt-get") || !isOnPath("dpkg-deb"))
    throw new EngineError(
      "Doom: expected apt-get, which fetches source and data, got none; name them yourself with --source and --wad",
    );
  const own = join(folder, "apt");
  const options = Object.entries({
    "Dir::Etc::sourcelist": "/dev/null",
    "Dir::Etc::sourceparts": join(own, "parts"),
    "Dir::State::lists": join(own, "lists"),
    "Dir::Cache": join(own, "cache"),
    "APT::Sandbox::User": "root",
  }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const apt = (...words: string[]) => tell("apt-get", [...options, ...words], folder);
  if (!existsSync(own)) {
    for (const part of ["parts", "lists/partial", "cache/archives/partial"])
      mkdirSync(join(own, part), { recursive: true });
    writeFileSync(
      join(own, "parts", "own.sources"),
      withSources(readLists(".sources"), /^Types: .*$/gm, "Types: deb deb-src"),
    );
    writeFileSync(join(own, "parts", "own.list"), oneLineLists());
    say("reading the archive's lists ...");
    apt("update", "-qq");
  }
  return apt;
}

const withSources = (text: string, pattern: RegExp, into: string) => text.replace(pattern, into);

function readLists(ending: string): string {
  if (!existsSync(LISTS)) return "";
  const files = readdirSync(LISTS).filter((name) => name.endsWith(ending));
  return files.map((name) => readFileSync(join(LISTS, name), "utf8").trim()).join("\n\n");
}

/** The older form: each line of packages beside one of sources. */
function oneLineLists(): string {
  const main = "/etc/apt/sources.list";
  const lines = `${existsSync(main) ? readFileSync(main, "utf8") : ""}\n${readLists(".list")}`.split("\n");
  return lines
    .filter((line) => /^deb /.test(line))
    .flatMap((line) => [line, line.replace(/^deb /, "deb-src ")])
    .concat("")
    .join("\n");
}

function fetched(folder: string, pattern: RegExp): Part {
  const name = readdirSync(folder).find((file) => pattern.test(file));
  if (!name) throw new EngineError(`apt-get: expected a file like ${pattern.source}, got none`);
  const sha256 = sha256Of(readFileSync(join(folder, name)));
  if (name in KNOWN && KNOWN[name] !== sha256)
    throw new EngineError(
      `${name}: expected SHA-256 ${KNOWN[name].slice(0, 12)}, got ${sha256.slice(0, 12)}: not used`,
    );
  return { name, sha256 };
}

function tell(program: string, words: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(program, words, { cwd, encoding: "utf8" });
  if (status === 0) return;
  const lines = (stderr ?? "").split("\n").filter((line) => /\S/.test(line));
  const why =
    error?.message ?? lines.find((line) => /^E:/.test(line)) ?? lines.at(-1) ?? `exit code ${status}`;
  throw new EngineError(`${program}: ${why}; name source and data yourself with --source and --wad`);
}
