/** When sensory pulses fall due: as soon as the time since the side's last one exceeds 1 / rate, whatever window that is in. */

/** From a pulse on an electrode to the next, whatever the rate. */
const LEAST_GAP_MS = 3;

export interface Clock {
  readonly framesPerSecond: number;
  /** Of each side: the frame of its last pulse. */
  readonly last: [number, number];
}

export function newClock(framesPerSecond: number): Clock {
  return { framesPerSecond, last: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY] };
}

/** Frames of the pulses of each side in `[from, until)`, at rates `hz`; `clock` is set on. */
export function pulsesDue(
  clock: Clock,
  hz: readonly number[],
  [from, until]: readonly [number, number],
): [number[], number[]] {
  const frames: [number[], number[]] = [[], []];
  hz.forEach((rate, side) => {
    if (!(rate > 0)) return;
    const { framesPerSecond, last } = clock;
    const gap = Math.max((LEAST_GAP_MS * framesPerSecond) / 1000, Math.ceil(framesPerSecond / rate));
    for (let at = Math.max(from, last[side] + gap); at < until; at += gap) {
      frames[side].push(at);
      last[side] = at;
    }
  });
  return frames;
}
