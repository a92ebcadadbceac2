/** The clocks and timers of this machine, as one thing that tests can replace by their own. Never part of a result. */
import { after, bootId, monotonicMs, soon } from "#machine";

export { monotonicMs };

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

let boot: string | undefined;

export const systemTime: Time = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  get boot() {
    boot ??= bootId();
    return boot;
  },
  bootMs: monotonicMs,
  after,
  soon,
  cancel: (timer) => (timer as () => void)(),
};
