/**
 * One process per run folder. The claim is a file that names its holder by process id and start time; one whose
 * holder is gone (killed, or the machine restarted and the number was given anew) is stale and is taken over.
 */
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { JournalError } from "./error.ts";

const CLAIM = "claim.json";

export interface Claim {
  release(): void;
}

interface Holder {
  readonly host: string;
  readonly processId: number;
  /** The kernel's start time of the process, where it tells one; process ids are reused. */
  readonly started: string;
}

/** Claims the folder (made if need be) for this process, or throws. */
export function claimFolder(folder: string): Claim {
  const path = join(folder, CLAIM);
  const self = JSON.stringify(holderOf(process.pid));
  try {
    mkdirSync(folder, { recursive: true });
    for (let attempt = 0; attempt < 10; attempt++) {
      if (createExclusively(path, self)) return { release: () => release(path, self) };
      const text = readIfThere(path);
      if (text === undefined) continue;
      const holder = parse(text);
      if (holder && outlives(holder)) throw inUse(folder, holder);
      removeStale(path, text);
    }
  } catch (error) {
    if (error instanceof JournalError) throw error;
    throw new JournalError(`${folder}: cannot be used as a run folder (${(error as Error).message})`, {
      cause: error,
    });
  }
  throw new JournalError(`${folder}: could not be claimed; other processes keep claiming it`);
}

/** Throws if another living process holds the folder. */
export function refuseOthersFolder(folder: string): void {
  const text = readIfThere(join(folder, CLAIM));
  if (text === undefined || text === JSON.stringify(holderOf(process.pid))) return;
  const holder = parse(text);
  if (holder && outlives(holder)) throw inUse(folder, holder);
}

function inUse(folder: string, { processId, host }: Holder): JournalError {
  return new JournalError(
    `${folder}: in use by process ${processId} on ${host}; wait for it, stop it, or choose another folder`,
  );
}

function createExclusively(path: string, text: string): boolean {
  // Written aside and linked into place: the claim is never seen half-written.
  const aside = `${path}.${process.pid}`;
  const file = openSync(aside, "w");
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
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

/** Takes the stale claim away, unless another process has replaced it meanwhile: then puts that one back. */
function removeStale(path: string, staleText: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, "utf8") !== staleText) linkSync(aside, path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function release(path: string, self: string): void {
  if (readIfThere(path) === self) rmSync(path, { force: true });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    return typeof holder.processId === "number"
      ? { host: "?", started: "", ...holder, processId: holder.processId }
      : undefined;
  } catch {
    return undefined;
  }
}

/** How long a holder may take to end that was killed a moment ago. */
const LAST_BREATH_MS = 1500;

/** Whether the holder is alive and stays so: a killed process takes a moment to go. */
function outlives(holder: Holder): boolean {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; isAlive(holder); waitedMs += 100) {
    if (waitedMs >= LAST_BREATH_MS || holder.host !== hostname()) return true;
    Atomics.wait(pause, 0, 0, 100);
  }
  return false;
}

/** Another machine's process cannot be asked, so it counts as alive. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.processId, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return holder.started === holderOf(holder.processId).started;
}

function holderOf(processId: number): Holder {
  let started = "";
  try {
    // Field 22 of /proc/PID/stat, counted after the command name, which may hold spaces.
    const stat = readFileSync(`/proc/${processId}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended, whether or not its parent has noticed.
    started = fields[0] === "Z" || fields[0] === "X" ? "ended" : (fields[19] ?? "");
  } catch {
    // No /proc on this platform: the process id alone has to do.
  }
  return { host: hostname(), processId, started };
}
