/**
 * Tells when a peer has said nothing for too long. Only time in which this process could listen counts: one that was
 * busy for seconds has its peer's words still unread.
 */
export class Watchdog {
  private silentMs = 0;
  private lastLook = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(limitMs: number, onSilence: (silentMs: number) => void) {
    const everyMs = limitMs / 5;
    this.timer = setInterval(() => {
      const now = performance.now();
      this.silentMs += Math.min(now - this.lastLook, 1.5 * everyMs);
      this.lastLook = now;
      if (this.silentMs < limitMs) return;
      this.stop();
      onSilence(this.silentMs);
    }, everyMs);
    this.timer.unref();
  }

  /** The peer said something. */
  heard(): void {
    this.silentMs = 0;
    this.lastLook = performance.now();
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
