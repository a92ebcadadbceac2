/** A time that passes only when a test lets it: timers run in their order, as late as the test wants. */
import type { Time } from "../time.ts";

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class VirtualTime implements Time {
  boot = "boot 1";
  private ms: number;
  private wallAheadMs = 1.7e12;
  private timers = new Set<Timer>();
  private order = 0;

  /** `turnMs`: what a turn of the event loop takes. */
  constructor(
    startMs = 1000,
    private readonly turnMs = 0.05,
  ) {
    this.ms = startMs;
  }

  nowMs(): number {
    return this.ms;
  }

  wallMs(): number {
    return Math.floor(this.ms + this.wallAheadMs);
  }

  bootMs(): number {
    return this.ms;
  }

  /** Somebody sets the wall clock. */
  stepWall(ms: number): void {
    this.wallAheadMs += ms;
  }

  after(ms: number, run: () => void): Timer {
    const timer = { atMs: this.ms + Math.max(0, ms), order: this.order++, run };
    this.timers.add(timer);
    return timer;
  }

  soon(run: () => void): Timer {
    return this.after(this.turnMs, run);
  }

  cancel(timer: unknown): void {
    this.timers.delete(timer as Timer);
  }

  /** Lets time pass, and runs what is due on the way. */
  pass(ms: number): void {
    const untilMs = this.ms + ms;
    for (;;) {
      const next = this.next();
      if (!next || next.atMs > untilMs) break;
      this.ms = Math.max(this.ms, next.atMs);
      this.timers.delete(next);
      next.run();
    }
    this.ms = Math.max(this.ms, untilMs);
  }

  /** Time passes in which this program does nothing at all: everything that falls due is late. */
  block(ms: number): void {
    this.ms += ms;
  }

  private next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers)
      if (!next || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.order < next.order))
        next = timer;
    return next;
  }
}
