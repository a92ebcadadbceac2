/**
 * Frames for samples that come with times. Within `toleranceS` of where they are expected samples are consecutive
 * frames (times jitter, frames do not); farther ahead, samples have been lost and frames are skipped.
 */
import type { Frame } from "../contract.ts";
import { PacketFault } from "../lost.ts";

export class SampleClock {
  private firstS: number | undefined;
  private next: Frame = 0;

  constructor(
    private readonly samplesPerSecond: number,
    private readonly toleranceS = 0.25,
  ) {}

  /** The frame of the next sample, which was taken at `timeS`; the first is frame 0. */
  frameAt(timeS: number): Frame {
    if (!Number.isFinite(timeS)) throw new PacketFault(`expected a time in seconds, got ${timeS}`);
    this.firstS ??= timeS;
    const aheadS = timeS - this.firstS - this.next / this.samplesPerSecond;
    if (aheadS < -this.toleranceS)
      throw new PacketFault(
        `a sample came ${(-aheadS).toFixed(2)} s before its time; was the clock put back?`,
      );
    if (aheadS > this.toleranceS) this.next += Math.round(aheadS * this.samplesPerSecond);
    // A device whose rate is not quite what it says drifts: follow it slowly.
    else this.firstS += aheadS / 1000;
    return this.next++;
  }
}
