/**
 * What a live device has sent and nobody has taken yet: spikes up to a frame, and the waits for more. Whatever ends
 * the link ends every wait.
 */
import type { Frame, Spikes } from "../contract.ts";
import { DeviceLost } from "../lost.ts";
import { joinSpikes } from "../reading.ts";

/** More unread spikes than this mean that nobody reads. */
const MAX_UNREAD = 1_000_000;

interface Wait {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Inbox {
  private readonly parts: Spikes[] = [];
  private readonly waits = new Set<Wait>();
  private unread = 0;
  private lost: DeviceLost | undefined;

  /** `untilFrame`: the frame up to which everything has come in. */
  constructor(public untilFrame: Frame = 0) {}

  /** Takes in the spikes of `[this.untilFrame, untilFrame)`, in frame order. */
  add(spikes: Spikes, untilFrame: Frame): void {
    if (this.lost) return;
    if (spikes.frames.length > 0) this.parts.push(spikes);
    this.unread += spikes.frames.length;
    this.untilFrame = untilFrame;
    if (this.unread > MAX_UNREAD)
      this.end(
        new DeviceLost(`a device has sent ${this.unread} spikes that were never read; read it faster`),
      );
    this.wake();
  }

  /** Takes out the spikes before `frame`. */
  takeUntil(frame: Frame): Spikes {
    const taken: Spikes[] = [];
    for (let part = this.parts[0]; part !== undefined; part = this.parts[0]) {
      let end = part.frames.length;
      while (end > 0 && part.frames[end - 1] >= frame) end--;
      if (end > 0)
        taken.push({ frames: part.frames.subarray(0, end), channels: part.channels.subarray(0, end) });
      if (end < part.frames.length) {
        this.parts[0] = { frames: part.frames.subarray(end), channels: part.channels.subarray(end) };
        break;
      }
      this.parts.shift();
    }
    const spikes = joinSpikes(taken);
    this.unread -= spikes.frames.length;
    return spikes;
  }

  /** Waits until everything before `frame` has come in; throws `DeviceLost` if the link ends first. */
  arrived(frame: Frame): Promise<void> {
    return this.until(() => this.untilFrame >= frame);
  }

  /** Waits until `met()`, asked again whenever something came in. */
  async until(met: () => boolean): Promise<void> {
    for (;;) {
      if (met()) return;
      this.assertThere();
      let wait: Wait | undefined;
      await new Promise<void>((resolve, reject) => {
        wait = { resolve, reject };
        this.waits.add(wait);
      }).finally(() => this.waits.delete(wait!));
    }
  }

  wake(): void {
    for (const wait of this.waits) wait.resolve();
  }

  get ended(): boolean {
    return this.lost !== undefined;
  }

  /** Throws once the link has ended. */
  assertThere(): void {
    if (this.lost) throw this.lost;
  }

  /** The link is over; the first reason is kept. */
  end(reason: DeviceLost): void {
    if (this.lost) return;
    this.lost = reason;
    for (const wait of this.waits) wait.reject(reason);
  }
}
