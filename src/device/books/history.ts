/** What books say of the time that still matters: read back from their end. */
import { BooksBroken, chainFiles, GENESIS, type ReadChain, readChain } from "./chain.ts";
import type { BookedPulse, Entry, EntryOf, Total } from "./entries.ts";

/** No pulse is planned farther ahead of its entry. */
const AHEAD_MS = 60_000;

export interface History {
  /** The number of the last file; 0 where there is none. */
  readonly files: number;
  readonly lastHash: string;
  /** When the last entry was written, and where the clocks stood when its process began. */
  readonly last: { readonly atMs: number; readonly open: EntryOf<"open"> } | undefined;
  readonly totals: readonly Total[];
  /** Accepted pulses that began, or will, later than `windowMs` before the last entry; oldest first. */
  readonly recent: readonly BookedPulse[];
  /** Bytes of an entry that a killed process did not finish. */
  readonly torn: number;
}

/** Reads the end of a folder of books, as far back as `windowMs` needs; throws `BooksBroken` where they are not what was written. */
export function readHistory(folder: string, deviceId: string, windowMs = 0): History {
  const files = chainFiles(folder);
  const read: ReadChain[] = [];
  let lastMs: number | undefined;
  let torn: number | undefined;
  for (const path of [...files].reverse()) {
    const file = readChain(path);
    torn ??= file.torn;
    const later = read[0];
    if (later && file.last !== "" && later.before !== file.last)
      throw new BooksBroken(`${path}: the file after it does not follow; the books were changed`);
    if (file.last !== "") read.unshift(file);
    const open = openingOf(file, path, deviceId);
    if (!open) continue;
    lastMs ??= file.entries[file.entries.length - 1].atMs;
    if (open.atMs <= lastMs - windowMs - AHEAD_MS) break;
  }
  const atMs = lastMs ?? 0;
  const entries = read.flatMap((file) => file.entries);
  const open = entries.findLast((entry) => entry.kind === "open");
  const pulses = entries.flatMap((entry) => (entry.kind === "pulses" ? entry.pulses : []));
  return {
    files: Number(files.at(-1)?.match(/(\d+)\.jsonl$/)?.[1] ?? 0),
    lastHash: read.at(-1)?.last ?? GENESIS,
    last: open && { atMs, open },
    totals: totalsAfter(entries),
    recent: pulses.filter(([, beginsMs]) => beginsMs > atMs - windowMs).sort((a, b) => a[1] - b[1]),
    torn: torn ?? 0,
  };
}

/** The first entry of a file, which must be an opening; none where a process was killed before it was written. */
export function openingOf(
  { entries }: ReadChain,
  path: string,
  deviceId: string,
): EntryOf<"open"> | undefined {
  const [open] = entries;
  if (!open) return undefined;
  if (open.kind !== "open") throw new BooksBroken(`${path}: expected an opening first, got ${open.kind}`);
  if (open.device !== deviceId)
    throw new BooksBroken(`${path}: expected the books of ${deviceId}, got those of ${open.device}`);
  return open;
}

/** Accepted since the books began, by channel. */
export function totalsAfter(entries: readonly Entry[]): Total[] {
  const totals = new Map<number, Total>();
  for (const entry of entries) {
    if (entry.kind === "open") {
      totals.clear();
      for (const total of entry.totals) totals.set(total[0], total);
    }
    if (entry.kind === "pulses") for (const pulse of entry.pulses) addPulse(totals, pulse);
  }
  return sortedTotals(totals.values());
}

/** By channel: the one order in which totals are written and compared. */
export function sortedTotals(totals: Iterable<Total>): Total[] {
  return [...totals].sort((a, b) => a[0] - b[0]);
}

export function addPulse(totals: Map<number, Total>, [channel, , , chargeFc, netFc]: BookedPulse): void {
  const [, pulses, charge, net] = totals.get(channel) ?? [channel, 0, 0, 0];
  totals.set(channel, [channel, pulses + 1, charge + chargeFc, net + netFc]);
}
