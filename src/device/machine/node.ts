/** What the clocks and timers of `time.ts` stand on, in Node. A page in a browser has its own twin (`#machine`). */
import { readFileSync } from "node:fs";

/** Milliseconds of a clock that all threads and processes of this machine share and nobody sets. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

/** Which beginning of the machine this is; "" where that is not known. Linux tells, and its monotonic clock is that of all processes. */
export function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

/** Memory that can be had, also where a container is given less than the machine has. */
export function availableBytes(): number {
  return process.availableMemory();
}

/** Runs after `ms`, without keeping the process alive; gives what calls it off. */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
}

/** Runs once others have had their turn; gives what calls it off. */
export function soon(run: () => void): () => void {
  const immediate = setImmediate(run);
  return () => clearImmediate(immediate);
}
