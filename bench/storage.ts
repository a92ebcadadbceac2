/**
 * A disk that gives out at every moment of a small run: each call that writes, makes, renames or syncs a file fails once, as a full
 * disk, a failing one and a limit of file sizes do; then the same command is given again. Wrong is whatever ends otherwise than in
 * one line, exit code 3 and, after the second command, the bits of an undisturbed run.
 *
 * WETGRAD_BENCH_CALLS: only those, as "61-120", so that one bench can be run in parts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "./storage/faults.ts";
import { contentsOf, runOn, wrongWith } from "./storage/run.ts";

const CODES = ["ENOSPC", "EIO", "EFBIG"] as const;

export async function run(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-storage-"));
  try {
    const whole = join(folder, "whole");
    const { calls } = await runOn(whole);
    const contents = await contentsOf(whole);
    const [from, to] = (process.env["WETGRAD_BENCH_CALLS"] ?? `1-${calls.length}`).split("-").map(Number);
    const wrong: string[] = [];
    let faults = 0;
    for (let at = from; at <= Math.min(to, calls.length); at++) {
      // Each kind of fault at every third call, as one that passes and as one that stays.
      const fault: Fault = { at, code: CODES[at % 3], stays: at % 2 === 0 };
      const found = await wrongWith(join(folder, String(at)), fault, contents);
      rmSync(join(folder, String(at)), { recursive: true });
      for (const line of found) console.error(`bench storage: ${line}`);
      wrong.push(...found);
      if (++faults % 20 === 0)
        console.error(`bench storage: ${at} of ${calls.length} calls, ${wrong.length} wrong`);
    }
    return { calls: calls.length, from, faults, wrong };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
