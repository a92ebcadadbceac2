/**
 * A closed loop in real time: ticks at a steady rate, each timed from the moment it was due to the moment its work was
 * done. Ticks that fall due while another is still at work are missed: they are counted and left out, never made up for
 * and never hidden.
 */
import { sortedQuantile } from "../../math/statistics.ts";
import { type LoopClock, wallClock } from "./clock.ts";

export interface LoopOptions {
  readonly rateHz: number;
  /** Due ticks, done or missed, after which the loop ends. */
  readonly ticks: number;
  readonly clock?: LoopClock;
  readonly signal?: AbortSignal;
}

/** From due to done, in milliseconds. */
export interface LoopTiming {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly missed: number;
  /** Done. */
  readonly ticks: number;
}

/** Calls `work(index)` at every tick, `index` counting due ticks (missed ones leave holes), and times it. */
export async function runLoop(
  work: (index: number) => Promise<void> | void,
  { rateHz, ticks, clock = wallClock(), signal }: LoopOptions,
): Promise<LoopTiming> {
  if (!(rateHz > 0 && Number.isInteger(ticks) && ticks >= 1))
    throw new RangeError(
      `runLoop: expected a rate above 0 and a number of ticks, got ${rateHz} Hz and ${ticks}`,
    );
  const periodMs = 1000 / rateHz;
  const latencies = new Float64Array(ticks);
  let done = 0;
  let missed = 0;
  const startMs = clock.nowMs() + periodMs;
  for (let index = 0; index < ticks && !signal?.aborted; ) {
    const dueMs = startMs + index * periodMs;
    await clock.until(dueMs);
    await work(index);
    const nowMs = clock.nowMs();
    latencies[done++] = nowMs - dueMs;
    // The next tick that is not yet over: one that fell due less than a period ago still begins, late.
    const next = Math.max(index + 1, Math.min(ticks, Math.floor((nowMs - startMs) / periodMs)));
    missed += next - index - 1;
    index = next;
  }
  const sorted = latencies.slice(0, done).sort();
  return {
    p50Ms: sortedQuantile(sorted, 0.5),
    p99Ms: sortedQuantile(sorted, 0.99),
    maxMs: sorted.at(-1)!,
    missed,
    ticks: done,
  };
}
