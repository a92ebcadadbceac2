/** The wall clock of a loop in real time. Nothing here enters a result: frames and data are the device's. */
import { setImmediate, setTimeout } from "node:timers/promises";

export interface LoopClock {
  nowMs(): number;
  /** Resolves at `dueMs`, as nearly as can be; at once where that has passed. Lets sockets and timers have their turn. */
  until(dueMs: number): Promise<void>;
}

/** Timers come up to about a millisecond late: the last of a wait is slept in the thread itself. */
const COARSE_MS = 2;
/** A thread wakes some 60 us late: the very last is spun. */
const SPIN_MS = 0.12;

export function wallClock(): LoopClock {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const nowMs = () => performance.now();
  return {
    nowMs,
    async until(dueMs) {
      const early = dueMs - nowMs();
      if (early > COARSE_MS + 1) await setTimeout(early - COARSE_MS);
      else await setImmediate();
      const rest = dueMs - nowMs() - SPIN_MS;
      if (rest > 0) Atomics.wait(never, 0, 0, rest);
      while (nowMs() < dueMs);
    },
  };
}
