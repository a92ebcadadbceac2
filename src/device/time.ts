/** The clocks and timers of this machine, as one thing that tests can replace by their own. Never part of a result. */
import { readFileSync } from "node:fs";

export interface Time {
  /** Milliseconds that nobody sets. */
  nowMs(): number;
  /** Milliseconds since 1970, as somebody has set them. */
  wallMs(): number;
  /** Which beginning of the machine this is, "" where that is not known; and milliseconds since, that nobody sets. */
  readonly boot: string;
  bootMs(): number;
  /** Runs after `ms`, or a little later; gives what `cancel` takes. Does not keep the process alive. */
  after(ms: number, run: () => void): unknown;
  /** Runs once others have had their turn. */
  soon(run: () => void): unknown;
  cancel(timer: unknown): void;
}

interface Timer {
  readonly timeout?: NodeJS.Timeout;
  readonly immediate?: NodeJS.Immediate;
}

/** Milliseconds of a clock that all threads and processes of this machine share and nobody sets. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

let boot: string | undefined;

export const systemTime: Time = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  get boot() {
    boot ??= bootOf();
    return boot;
  },
  bootMs: monotonicMs,
  after: (ms, run): Timer => ({ timeout: setTimeout(run, ms).unref() }),
  soon: (run): Timer => ({ immediate: setImmediate(run) }),
  cancel(timer) {
    const { timeout, immediate } = timer as Timer;
    clearTimeout(timeout);
    clearImmediate(immediate);
  },
};

/** Linux tells; its monotonic clock is that of all processes. */
function bootOf(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
