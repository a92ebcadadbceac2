/**
 * Fixations from raw samples by a threshold of velocity, I-VT (Salvucci and Goldberg 2000, https://doi.org/10.1145/355017.355028): samples
 * slower than the threshold, side by side, are one fixation at their mean.
 */
import type { GazeFixation } from "./fixation.ts";

export interface GazeSamples {
  readonly rateHz: number;
  /** Pixels; NaN where the eye was lost. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

export interface VelocityOptions {
  readonly pixelsPerDegree: number;
  /** Degrees per second. */
  readonly threshold?: number;
  /** Shorter ones are dropped. */
  readonly shortestMs?: number;
  /** Velocity is taken over this much time, so that noise of single samples does not end a fixation. */
  readonly windowMs?: number;
}

export function fixationsByVelocity(
  { rateHz, x, y }: GazeSamples,
  { pixelsPerDegree, threshold = 30, shortestMs = 60, windowMs = 20 }: VelocityOptions,
): GazeFixation[] {
  const half = Math.max(1, Math.round((windowMs / 2000) * rateHz));
  const slow = (i: number) => {
    const [from, to] = [Math.max(0, i - half), Math.min(x.length - 1, i + half)];
    const degrees = Math.hypot(x[to] - x[from], y[to] - y[from]) / pixelsPerDegree;
    return (degrees * rateHz) / Math.max(1, to - from) < threshold;
  };
  const found: GazeFixation[] = [];
  let start = -1;
  for (let i = 0; i <= x.length; i++) {
    // A lost sample has no velocity, and is slower than nothing.
    if (i < x.length && slow(i)) {
      if (start < 0) start = i;
      continue;
    }
    if (start >= 0 && ((i - start) * 1000) / rateHz >= shortestMs) {
      const mean = (of: ArrayLike<number>) => {
        let sum = 0;
        for (let k = start; k < i; k++) sum += of[k];
        return sum / (i - start);
      };
      found.push({
        onsetMs: (start * 1000) / rateHz,
        durationMs: ((i - start) * 1000) / rateHz,
        x: mean(x),
        y: mean(y),
      });
    }
    start = -1;
  }
  return found;
}
