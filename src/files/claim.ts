/**
 * One process per folder. Claims are numbered files in FOLDER/claim: the highest number holds. It is stale once its holder has
 * gone (killed, or the machine restarted) or has let go, and is then taken over by making the next number, which only one
 * process can: whoever takes over names by its number whose claim it found stale, and nobody takes away a claim that another
 * has made meanwhile. The highest number always stays, so that one who looked long ago does not find its own number free.
 */
import { existsSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { threadId } from "node:worker_threads";
import { makeFolder } from "./folder.ts";
import { type Holder, outlives, parseHolder, thisProcess } from "./holder.ts";
import { StorageError, storageFault } from "./storage.ts";
import { removeLeftovers, writeWhole } from "./whole.ts";

/** A folder that cannot be used, or that another process uses. */
export class ClaimError extends Error {
  override readonly name = "ClaimError";
}

export interface Claim {
  release(): void;
}

/** What this thread holds, also where the disk would not take that it has let go. */
const held = new Set<string>();
const CLAIMS = "claim";
const LET_GO = "let go\n";
/** Claims that are kept below the highest: one who lists the folder while it changes still finds one of them. */
const KEPT = 8;

/** How long a holder may take to end that was killed a moment ago. */
const LAST_BREATH_MS = 1500;

/**
 * Claims the folder (made if need be) for this process, and removes what a killed holder left half-written. Throws `ClaimError`.
 */
export function claimFolder(folder: string, patienceMs = LAST_BREATH_MS): Claim {
  const claims = join(folder, CLAIMS);
  try {
    makeFolder(claims);
    for (;;) {
      const highest = highestOf(claims);
      refuseHeld(folder, highest, patienceMs);
      const mine = highest + 1;
      if (!make(pathOf(claims, mine))) continue;
      // One who looked before others took over, and let go again, may have made a number that was theirs.
      if (highestOf(claims) === mine) {
        held.add(pathOf(claims, mine));
        removeLeftovers(folder, (below) => below === claims || existsSync(join(below, CLAIMS)));
        return { release: () => letGo(claims, mine) };
      }
      rmSync(pathOf(claims, mine), { force: true });
    }
  } catch (error) {
    const fault = storageFault(error, claims);
    if (error instanceof ClaimError || fault instanceof StorageError) throw fault;
    throw new ClaimError(`${folder}: cannot be used as a folder of one's own (${(error as Error).message})`, {
      cause: error,
    });
  }
}

/** Throws `ClaimError` if another living process holds the folder. */
export function refuseOthersFolder(folder: string): void {
  const highest = highestOf(join(folder, CLAIMS));
  const holder = holderAt(folder, highest);
  if (holder && !isDeepStrictEqual(holder, thisProcess())) refuseHeld(folder, highest, LAST_BREATH_MS);
}

function refuseHeld(folder: string, number: number, patienceMs: number): void {
  const holder = holderAt(folder, number);
  if (!holder || !outlives(holder, patienceMs)) return;
  throw new ClaimError(
    `${folder}: in use by process ${holder.processId} on ${holder.host}; wait for it, stop it, or choose another folder (if it has gone for good: remove ${pathOf(join(folder, CLAIMS), number)})`,
  );
}

/** Null where the claim has been let go, or is none. */
function holderAt(folder: string, number: number): Holder | null {
  try {
    const path = pathOf(join(folder, CLAIMS), number);
    const holder = number === 0 ? null : parseHolder(readFileSync(path, "utf8"));
    const isOurs = holder !== null && isDeepStrictEqual(holder, thisProcess());
    return isOurs && !held.has(path) ? null : holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** 0 where there is none. */
function highestOf(claims: string): number {
  try {
    return Math.max(0, ...numbersIn(claims));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

function numbersIn(claims: string): number[] {
  return readdirSync(claims).flatMap((name) => (/^\d+\.json$/.test(name) ? Number.parseInt(name, 10) : []));
}

function pathOf(claims: string, number: number): string {
  return join(claims, `${number}.json`);
}

/** False where another has made it. Written aside and linked into place: a claim is never seen half-written. */
function make(path: string): boolean {
  const aside = `${path}.${process.pid}-${threadId}`;
  writeFileSync(aside, `${JSON.stringify(thisProcess())}\n`);
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function letGo(claims: string, mine: number): void {
  held.delete(pathOf(claims, mine));
  try {
    if (highestOf(claims) !== mine) return;
    for (const number of numbersIn(claims))
      if (number < mine - KEPT) rmSync(pathOf(claims, number), { force: true });
    writeWhole(pathOf(claims, mine), LET_GO);
  } catch {
    // A full disk, or a folder that has been taken away: others find the claim stale once this process has ended.
  }
}
