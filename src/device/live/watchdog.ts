/**
 * Tells when a peer has said nothing for too long. Only time in which this process could listen counts: one that was
 * busy for seconds has its peer's words still unread.
 */
import { systemTime, type Time } from "../time.ts";

export class Watchdog {
  private silentMs = 0;
  private lastLook: number;
  private timer: unknown;

  constructor(
    private readonly limitMs: number,
    private readonly onSilence: (silentMs: number) => void,
    private readonly time: Time = systemTime,
  ) {
    this.lastLook = time.nowMs();
    this.watch();
  }

  /** The peer said something. */
  heard(): void {
    this.silentMs = 0;
    this.lastLook = this.time.nowMs();
  }

  stop(): void {
    this.time.cancel(this.timer);
  }

  private watch(): void {
    const everyMs = this.limitMs / 5;
    this.timer = this.time.after(everyMs, () => {
      const now = this.time.nowMs();
      this.silentMs += Math.min(now - this.lastLook, 1.5 * everyMs);
      this.lastLook = now;
      if (this.silentMs < this.limitMs) this.watch();
      else this.onSilence(this.silentMs);
    });
  }
}
