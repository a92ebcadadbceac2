/** What the benchmarks on real recordings share: where recordings lie, and rows that are kept, so that a run goes on. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { writeWhole } from "../src/files/whole.ts";

/** Training windows seen per window's length of recording. */
export const PASSES = Number(process.env["WETGRAD_BENCH_PASSES"] ?? 50);

/**
 * The recordings below WETGRAD_BENCH_RECORDINGS, the smaller ones first; below ../shared/recordings only the cultures
 * whose files hold spike times.
 */
export function recordingFiles(): { root: string; files: string[] } {
  const folder = process.env["WETGRAD_BENCH_RECORDINGS"];
  const root = folder ?? "../shared/recordings";
  if (!existsSync(root))
    throw new Error(
      `bench: expected a folder of recordings at ${root}; name one in WETGRAD_BENCH_RECORDINGS`,
    );
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(h5|hdf5|nwb|csv|csv\.gz)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => folder || /cultures|hipsc/.test(path))
    .sort((a, b) => statSync(a).size - statSync(b).size);
  return { root, files };
}

/** What was made before under the same name with the same settings, or else is made now. */
export async function keptUnder<Row>(name: string, settings: object, make: () => Promise<Row>): Promise<Row> {
  const cache = process.env["WETGRAD_BENCH_CACHE"] ?? join(tmpdir(), `wetgrad-bench-${name}`);
  mkdirSync(cache, { recursive: true });
  const hash = createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 16);
  const path = join(cache, `${hash}.json`);
  if (!existsSync(path))
    writeWhole(path, new TextEncoder().encode(JSON.stringify({ settings, row: await make() })));
  return JSON.parse(readFileSync(path, "utf8")).row;
}

/**
 * A row that was made before with the same settings from a file as large, or else made now. `make` gets a path to keep
 * what it has done so far under.
 */
export async function keptRow<Row>(
  root: string,
  path: string,
  settings: object,
  make: (stem: string) => Promise<Row>,
): Promise<Row> {
  const cache = process.env["WETGRAD_BENCH_CACHE"] ?? join(tmpdir(), "wetgrad-bench-recordings");
  mkdirSync(cache, { recursive: true });
  const all = JSON.stringify({ ...settings, size: statSync(path).size });
  const hash = createHash("sha256").update(all).digest("hex").slice(0, 8);
  const stem = join(cache, `${relative(root, path).replace(/[\\/]/g, "_")}.${hash}`);
  if (!existsSync(`${stem}.json`))
    writeWhole(`${stem}.json`, new TextEncoder().encode(JSON.stringify(await make(stem))));
  return JSON.parse(readFileSync(`${stem}.json`, "utf8"));
}
