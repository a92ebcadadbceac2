/**
 * What reading large files takes (large.ts), each in a process of its own: at most 150 MB and 4 bytes a byte, 1 s of processor and
 * 1 us a byte, the process itself included.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { LARGE, type LargeFile } from "./large.ts";

const MB = 2 ** 20;

export interface Bounded {
  readonly megabytes: number;
  readonly rssMb: number;
  readonly mostRssMb: number;
  readonly cpuSeconds: number;
  readonly mostCpuSeconds: number;
  /** Why it was not read, if it was not. */
  readonly refused?: string;
  readonly isWithin: boolean;
}

export async function boundsOfLarge(names?: readonly string[]): Promise<Record<string, Bounded>> {
  const found: Record<string, Bounded> = {};
  for (const file of LARGE) {
    if (names && !names.includes(file.name)) continue;
    found[file.name] = await boundsOf(file);
    console.error(`bench fuzz: large ${file.name} ${JSON.stringify(found[file.name])}`);
  }
  return found;
}

async function boundsOf(file: LargeFile): Promise<Bounded> {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-large-"));
  try {
    const path = await file.write(folder);
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    const isSource = import.meta.url.endsWith(".ts");
    const script = fileURLToPath(new URL(`./measured.${isSource ? "ts" : "js"}`, import.meta.url));
    const load = isSource ? ["--import", "tsx"] : [];
    const { stdout } = await promisify(execFile)(process.execPath, [...load, script, file.contents, path]);
    const { rssMb, cpuSeconds, refused } = JSON.parse(stdout) as Pick<
      Bounded,
      "rssMb" | "cpuSeconds" | "refused"
    >;
    const mostRssMb = 150 + (4 * bytes) / MB;
    const mostCpuSeconds = 1 + 1e-6 * bytes;
    return {
      ...rounded({ megabytes: bytes / MB, rssMb, mostRssMb, cpuSeconds, mostCpuSeconds }),
      ...(refused !== undefined && { refused }),
      isWithin: rssMb <= mostRssMb && cpuSeconds <= mostCpuSeconds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rounded<T extends Readonly<Record<string, number>>>(figures: T): T {
  return Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [key, Number(value.toFixed(2))]),
  ) as T;
}
