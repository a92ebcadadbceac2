/**
 * What a recording holds in memory while all of it is read, two minutes long and two hours long: for every reader that
 * streams, the most of heap and external memory, garbage left out, beyond what the process held before it opened the file.
 *
 * WETGRAD_BENCH_READERS: names with commas between.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadHdf5 } from "../src/recording/hdf5.ts";
import { LONG_FILES, type LongFile } from "./memory/files.ts";

const MINUTES = [2, 120] as const;

interface Read {
  readonly items: number;
  readonly mostMb: number;
}

export async function run(): Promise<object> {
  await loadHdf5();
  const wanted = process.env["WETGRAD_BENCH_READERS"]?.split(",");
  const figures: Record<string, object> = {};
  for (const file of LONG_FILES) {
    if (wanted && !wanted.includes(file.name)) continue;
    const [short, long] = [await readOf(file, MINUTES[0]), await readOf(file, MINUTES[1])];
    figures[file.name] = {
      items: long.items,
      twoMinutesMb: Number(short.mostMb.toFixed(1)),
      twoHoursMb: Number(long.mostMb.toFixed(1)),
    };
    console.error(`bench memory: ${file.name} ${JSON.stringify(figures[file.name])}`);
  }
  return figures;
}

async function readOf({ write, holds }: LongFile, minutes: number): Promise<Read> {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-memory-"));
  try {
    const path = await write(folder, 60 * minutes);
    const built = !import.meta.url.endsWith(".ts");
    const script = fileURLToPath(new URL(`./memory/read.${built ? "js" : "ts"}`, import.meta.url));
    const flags = ["--expose-gc", ...(built ? [] : ["--import", "tsx"])];
    return JSON.parse(execFileSync(process.execPath, [...flags, script, path, holds], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
