/** The clocks and timers of this machine, as one thing that tests can replace by their own. Never part of a result. */
export interface Time {
  /** Milliseconds that nobody sets. */
  nowMs(): number;
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

export const systemTime: Time = {
  nowMs: () => performance.now(),
  after: (ms, run): Timer => ({ timeout: setTimeout(run, ms).unref() }),
  soon: (run): Timer => ({ immediate: setImmediate(run) }),
  cancel(timer) {
    const { timeout, immediate } = timer as Timer;
    clearTimeout(timeout);
    clearImmediate(immediate);
  },
};
