/**
 * Pulses that wait for their frame, for peers that only know "now". The device's clock is told by its data; between
 * two pieces of data it is taken to run on at its rate.
 */
import type { Frame, Pulse } from "../contract.ts";

export class PulseSchedule {
  private readonly waiting = new Set<NodeJS.Timeout>();
  private heardFrame: Frame = 0;
  private heardAtMs = performance.now();

  constructor(
    private readonly framesPerSecond: number,
    /** Sends pulses that begin now, all of one frame. */
    private readonly send: (pulses: readonly Pulse[]) => void,
  ) {}

  /** The device's data reach up to `frame` now. */
  heard(frame: Frame): void {
    this.heardFrame = frame;
    this.heardAtMs = performance.now();
  }

  add(pulses: readonly Pulse[]): void {
    const now = this.heardFrame + ((performance.now() - this.heardAtMs) / 1e3) * this.framesPerSecond;
    const byFrame = new Map<Frame, Pulse[]>();
    for (const pulse of pulses) byFrame.set(pulse.frame, [...(byFrame.get(pulse.frame) ?? []), pulse]);
    for (const [frame, due] of byFrame) {
      const waitMs = ((frame - now) / this.framesPerSecond) * 1e3;
      if (waitMs <= 1) {
        this.send(due);
        continue;
      }
      const timer = setTimeout(() => {
        this.waiting.delete(timer);
        this.send(due);
      }, waitMs);
      this.waiting.add(timer);
    }
  }

  /** Drops every pulse that waits. */
  cancel(): void {
    for (const timer of this.waiting) clearTimeout(timer);
    this.waiting.clear();
  }
}
