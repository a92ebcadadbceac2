/** What every driver asks of a read before it reads. */
import type { Frame, ReadableDevice, Spikes } from "./contract.ts";

/** Throws unless an open device at `now` can be read to `untilFrame`. */
export function assertReadable(
  { profile }: Pick<ReadableDevice, "profile">,
  closed: boolean,
  now: Frame,
  untilFrame: Frame,
): void {
  if (closed) throw new Error(`read: device ${profile.name} is closed`);
  if (!Number.isSafeInteger(untilFrame) || untilFrame < now)
    throw new RangeError(`read: expected a frame at or after now() = ${now}, got ${untilFrame}`);
}

/** Spikes of several stretches, one after the other, as one. */
export function joinSpikes(parts: readonly Spikes[]): Spikes {
  const length = parts.reduce((sum, { frames }) => sum + frames.length, 0);
  const spikes = { frames: new Float64Array(length), channels: new Uint16Array(length) };
  let at = 0;
  for (const { frames, channels } of parts) {
    spikes.frames.set(frames, at);
    spikes.channels.set(channels, at);
    at += frames.length;
  }
  return spikes;
}
