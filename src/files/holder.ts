/** Who holds something on disk: a process, by number and start time, and whether it is still there. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { threadId } from "node:worker_threads";
import { z } from "zod";

const holderSchema = z.object({
  host: z.string(),
  processId: z.int(),
  /** The kernel's start time of the process, where it tells one; process ids are reused. */
  started: z.string(),
  /** Of the process, which claims for itself. */
  thread: z.int(),
  /** Which processes its number is counted among, where the kernel tells: containers of one host count each their own. */
  space: z.string(),
});
export type Holder = z.infer<typeof holderSchema>;

export function thisProcess(): Holder {
  return {
    host: hostname(),
    processId: process.pid,
    started: startOf(process.pid),
    thread: threadId,
    space: space(),
  };
}

/** Null where the text names none. */
export function parseHolder(text: string): Holder | null {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Whether the holder is alive and stays so for `patienceMs`: a killed process takes a moment to go. */
export function outlives(holder: Holder, patienceMs: number): boolean {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; isAlive(holder); waitedMs += 100) {
    if (waitedMs >= patienceMs || isElsewhere(holder)) return true;
    Atomics.wait(pause, 0, 0, 100);
  }
  return false;
}

/** A process of another machine or container cannot be asked, so it counts as alive. */
function isAlive(holder: Holder): boolean {
  if (isElsewhere(holder)) return true;
  try {
    process.kill(holder.processId, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return holder.started === startOf(holder.processId);
}

function isElsewhere(holder: Holder): boolean {
  return holder.host !== hostname() || holder.space !== space();
}

function startOf(processId: number): string {
  try {
    // Field 22 of /proc/PID/stat, counted after the command name, which may hold spaces.
    const stat = readFileSync(`/proc/${processId}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended, whether or not its parent has noticed.
    return fields[0] === "Z" || fields[0] === "X" ? "ended" : (fields[19] ?? "");
  } catch {
    return ""; // No /proc on this platform: the process id alone has to do.
  }
}

function space(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
