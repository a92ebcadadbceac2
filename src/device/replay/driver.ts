/**
 * Replays recorded spike trains through the device contract. Read-only: a recording cannot be stimulated, so
 * there is no `deliver`.
 */
import type { DeviceProfile, Frame, ReadOnlyDriver, Spikes } from "../contract.ts";
import { assertReadable } from "../reading.ts";

export interface ReplaySource {
  readonly profile: DeviceProfile;
  /** In frame order, on the profile's channels. */
  readonly spikes: Spikes;
  /** The recording covers `[0, endFrame)`. */
  readonly endFrame: Frame;
}

/** A clock to replay by. */
export interface Pace {
  /** Recorded seconds per second of the clock; 1 is real time. */
  readonly speed: number;
  readonly clock: PaceClock;
}

export interface PaceClock {
  nowMs(): number;
  wait(ms: number): Promise<void>;
}

/** The wall clock. */
export const wallClock: PaceClock = {
  nowMs: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export class Replay implements ReadOnlyDriver {
  readonly profile: DeviceProfile;
  private readonly spikes: Spikes;
  private readonly endFrame: Frame;
  private frame: Frame = 0;
  private position = 0;
  private closed = false;
  private readonly pace: Pace | undefined;
  private startMs: number | undefined;

  /** Without a pace a read takes no time; with one it ends when the recording has been played that far. */
  constructor({ profile, spikes, endFrame }: ReplaySource, pace?: Pace) {
    if (pace && !(pace.speed > 0 && Number.isFinite(pace.speed)))
      throw new RangeError(`replay: expected a speed > 0, got ${pace.speed}`);
    this.pace = pace;
    const { frames, channels } = spikes;
    if (frames.length !== channels.length)
      throw new RangeError(
        `replay: expected as many channels as frames, got ${channels.length} and ${frames.length}`,
      );
    const known = new Set(profile.electrodes.map(({ channel }) => channel));
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i];
      if (!Number.isSafeInteger(frame) || frame < 0 || frame >= endFrame)
        throw new RangeError(`replay: expected spike frames in [0, ${endFrame}), got ${frame} at spike ${i}`);
      if (i > 0 && frame < frames[i - 1])
        throw new RangeError(`replay: expected spikes in frame order, got ${frame} after ${frames[i - 1]}`);
      if (!known.has(channels[i]))
        throw new RangeError(
          `replay: spike ${i} is on channel ${channels[i]}, which the profile does not have`,
        );
    }
    this.profile = profile;
    this.spikes = spikes;
    this.endFrame = endFrame;
  }

  now(): Frame {
    return this.frame;
  }

  async read(untilFrame: Frame): Promise<Spikes> {
    assertReadable(this, this.closed, this.frame, untilFrame);
    if (untilFrame > this.endFrame)
      throw new RangeError(`read: the recording ends at frame ${this.endFrame}, got ${untilFrame}`);
    await this.played(untilFrame);
    const { frames, channels } = this.spikes;
    const from = this.position;
    while (this.position < frames.length && frames[this.position] < untilFrame) this.position++;
    this.frame = untilFrame;
    return { frames: frames.slice(from, this.position), channels: channels.slice(from, this.position) };
  }

  /** Waits until the recording, begun at the first read, has been played up to `frame`. */
  private async played(frame: Frame): Promise<void> {
    if (!this.pace) return;
    const { speed, clock } = this.pace;
    const now = clock.nowMs();
    this.startMs ??= now - (this.frame * 1e3) / (this.profile.framesPerSecond * speed);
    const dueMs = this.startMs + (frame * 1e3) / (this.profile.framesPerSecond * speed);
    if (dueMs > now) await clock.wait(dueMs - now);
    if (this.closed) throw new Error(`read: device ${this.profile.name} was closed`);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
