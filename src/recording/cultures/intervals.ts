/** Intervals put in order, those that overlap or touch made one. */
import type { Interval } from "../contract.ts";

/** Apart by less than this is the rounding of two files' clocks. */
const TOUCHING_SECONDS = 1e-9;

export function merged(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals
    .filter(({ startSeconds, endSeconds }) => endSeconds > startSeconds)
    .sort((a, b) => a.startSeconds - b.startSeconds);
  const out: Interval[] = [];
  for (const interval of sorted) {
    const last = out.at(-1);
    if (last && interval.startSeconds <= last.endSeconds + TOUCHING_SECONDS)
      out[out.length - 1] = { ...last, endSeconds: Math.max(last.endSeconds, interval.endSeconds) };
    else out.push(interval);
  }
  return out;
}

/** The times of 0..durationSeconds that lie in none of the ascending `intervals`. */
export function gapsIn(intervals: readonly Interval[], durationSeconds: number): Interval[] {
  const gaps: Interval[] = [];
  let at = 0;
  for (const { startSeconds, endSeconds } of intervals) {
    if (startSeconds > at + TOUCHING_SECONDS) gaps.push({ startSeconds: at, endSeconds: startSeconds });
    at = Math.max(at, endSeconds);
  }
  if (durationSeconds > at + TOUCHING_SECONDS) gaps.push({ startSeconds: at, endSeconds: durationSeconds });
  return gaps;
}

export function overlap(intervals: readonly Interval[]): boolean {
  const sorted = [...intervals].sort((a, b) => a.startSeconds - b.startSeconds);
  return sorted.some(
    ({ startSeconds }, i) => i > 0 && startSeconds < sorted[i - 1].endSeconds - TOUCHING_SECONDS,
  );
}
