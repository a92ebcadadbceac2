/**
 * The clock of a device that runs by itself, told by its data. Data come late, never early: of what was heard in the
 * last seconds the clock follows what was farthest ahead, and between two pieces of data it runs on at its rate.
 */
import type { Frame } from "../contract.ts";
import { systemTime, type Time } from "../time.ts";

/** A lead that nothing has confirmed for one to two of these is forgotten: the device has stood still. */
const WINDOW_MS = 1000;

export class LiveClock {
  /** How many frames the device is ahead of this machine's clock: the most in this window, and in the one before. */
  private lead: number | undefined;
  private leadBefore = Number.NEGATIVE_INFINITY;
  private windowEndMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly framesPerSecond: number,
    readonly time: Time = systemTime,
  ) {}

  /** The device's data reach up to `frame` now. */
  heard(frame: Frame): void {
    const nowMs = this.time.nowMs();
    const lead = frame - this.framesOf(nowMs);
    if (nowMs >= this.windowEndMs) {
      this.leadBefore = this.lead ?? Number.NEGATIVE_INFINITY;
      this.lead = lead;
      this.windowEndMs = nowMs + WINDOW_MS;
    } else this.lead = Math.max(this.lead ?? lead, lead);
  }

  /** The frame, with its fraction, that the device's clock has come to; 0 before anything was heard. */
  present(): number {
    if (this.lead === undefined) return 0;
    return this.framesOf(this.time.nowMs()) + Math.max(this.lead, this.leadBefore);
  }

  private framesOf(ms: number): number {
    return (ms / 1e3) * this.framesPerSecond;
  }
}
