/** Reads all books of a device from their beginning, and says whether they are what was written. */
import { basename } from "node:path";
import { BooksBroken, chainFiles, GENESIS, type ReadChain, readChain } from "./chain.ts";
import type { Entry, Total } from "./entries.ts";
import { openingOf, sortedTotals, totalsAfter } from "./history.ts";
import { folderOf } from "./place.ts";

export interface Audit {
  readonly device: string;
  readonly folder: string;
  readonly files: number;
  readonly entries: number;
  readonly openings: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** The hash of the last entry: kept elsewhere, it shows whether the end was cut off. */
  readonly lastHash: string;
  /** Accepted since the books began. */
  readonly totals: readonly Total[];
  readonly dropped: number;
  readonly stops: number;
  readonly refusedByRule: Readonly<Record<string, number>>;
  /** Bytes that killed processes left unfinished. */
  readonly tornBytes: number;
  /** What is wrong with them; absent where nothing is. */
  readonly fault?: string;
}

type Running = { -readonly [Key in keyof Audit]: Audit[Key] };

/** Undefined where the device has no books. */
export function auditBooks(deviceId: string, folder = folderOf(deviceId)): Audit | undefined {
  const files = chainFiles(folder);
  if (files.length === 0) return undefined;
  const refusedByRule: Record<string, number> = {};
  const audit: Running = {
    device: deviceId,
    folder,
    files: files.length,
    entries: 0,
    openings: 0,
    fromMs: Number.NaN,
    untilMs: Number.NaN,
    lastHash: GENESIS,
    totals: [],
    dropped: 0,
    stops: 0,
    refusedByRule,
    tornBytes: 0,
  };
  try {
    files.forEach((path, i) => {
      if (Number.parseInt(basename(path), 10) !== i + 1)
        throw new BooksBroken(`${path}: a file before it is missing`);
      const file = readChain(path);
      audit.tornBytes += file.torn;
      if (file.last !== "") follow(audit, file, path);
      for (const entry of file.entries) count(audit, entry, refusedByRule);
    });
  } catch (error) {
    if (!(error instanceof BooksBroken)) throw error;
    audit.fault = error.message;
  }
  return audit;
}

/** Throws unless a file goes on from what came before. */
function follow(audit: Running, file: ReadChain, path: string): void {
  const { before, last, entries } = file;
  const fail = (why: string) => {
    throw new BooksBroken(`${path}: ${why}; the books were changed after they were written`);
  };
  if (before !== audit.lastHash) fail("it does not follow the file before");
  const open = openingOf(file, path, audit.device);
  // Earlier versions wrote totals in the order in which channels came.
  if (open && JSON.stringify(sortedTotals(open.totals)) !== JSON.stringify(audit.totals))
    fail("its totals are not those before");
  for (const { atMs } of entries) {
    if (atMs < audit.untilMs) fail("its times run backwards");
    audit.untilMs = atMs;
  }
  audit.lastHash = last;
  audit.totals = entries.length > 0 ? totalsAfter(entries) : audit.totals;
}

function count(audit: Running, entry: Entry, refusedByRule: Record<string, number>): void {
  audit.entries++;
  if (Number.isNaN(audit.fromMs)) audit.fromMs = entry.atMs;
  if (entry.kind === "open") audit.openings++;
  if (entry.kind === "dropped") audit.dropped++;
  if (entry.kind === "stop") audit.stops++;
  if (entry.kind === "refused")
    for (const [rule, more] of Object.entries(entry.byRule))
      refusedByRule[rule] = (refusedByRule[rule] ?? 0) + more;
}
