/** Spikes that come in any order, given out in frame order. */
import type { Frame, Spikes } from "../contract.ts";

export class SpikeList {
  private waiting: (readonly [Frame, number])[] = [];

  add(frame: Frame, channel: number): void {
    this.waiting.push([frame, channel]);
  }

  /** Takes out the spikes before `frame`, by frame and channel. */
  takeUntil(frame: Frame): Spikes {
    const due = this.waiting.filter(([at]) => at < frame).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    this.waiting = this.waiting.filter(([at]) => at >= frame);
    return {
      frames: Float64Array.from(due, ([at]) => at),
      channels: Uint16Array.from(due, ([, channel]) => channel),
    };
  }
}
