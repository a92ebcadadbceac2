/**
 * Replays recorded spike trains through the device contract. Read-only: a recording cannot be stimulated, so
 * there is no `deliver`.
 */
import type { DeviceProfile, Frame, ReadOnlyDriver, Spikes } from "../contract.ts";

export interface ReplaySource {
  readonly profile: DeviceProfile;
  /** In frame order, on the profile's channels. */
  readonly spikes: Spikes;
  /** The recording covers `[0, endFrame)`. */
  readonly endFrame: Frame;
}

export class Replay implements ReadOnlyDriver {
  readonly profile: DeviceProfile;
  readonly #spikes: Spikes;
  readonly #endFrame: Frame;
  #frame: Frame = 0;
  #position = 0;
  #closed = false;

  constructor({ profile, spikes, endFrame }: ReplaySource) {
    const { frames, channels } = spikes;
    if (frames.length !== channels.length)
      throw new RangeError(
        `replay: expected as many channels as frames, got ${channels.length} and ${frames.length}`,
      );
    const known = new Set(profile.electrodes.map(({ channel }) => channel));
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i]!;
      if (!Number.isSafeInteger(frame) || frame < 0 || frame >= endFrame)
        throw new RangeError(`replay: expected spike frames in [0, ${endFrame}), got ${frame} at spike ${i}`);
      if (i > 0 && frame < frames[i - 1]!)
        throw new RangeError(`replay: expected spikes in frame order, got ${frame} after ${frames[i - 1]}`);
      if (!known.has(channels[i]!))
        throw new RangeError(
          `replay: spike ${i} is on channel ${channels[i]}, which the profile does not have`,
        );
    }
    this.profile = profile;
    this.#spikes = spikes;
    this.#endFrame = endFrame;
  }

  now(): Frame {
    return this.#frame;
  }

  async read(untilFrame: Frame): Promise<Spikes> {
    if (this.#closed) throw new Error(`read: device ${this.profile.name} is closed`);
    if (!Number.isSafeInteger(untilFrame) || untilFrame < this.#frame)
      throw new RangeError(`read: expected a frame at or after now() = ${this.#frame}, got ${untilFrame}`);
    if (untilFrame > this.#endFrame)
      throw new RangeError(`read: the recording ends at frame ${this.#endFrame}, got ${untilFrame}`);
    const { frames, channels } = this.#spikes;
    const from = this.#position;
    while (this.#position < frames.length && frames[this.#position]! < untilFrame) this.#position++;
    this.#frame = untilFrame;
    return { frames: frames.slice(from, this.#position), channels: channels.slice(from, this.#position) };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}
