/**
 * What the statistics of spontaneous activity read: one spike train per electrode. Any `Recording` is one, and so
 * is what a device has just read.
 */

export interface SpikeTrains {
  readonly durationSeconds: number;
  readonly channels: { readonly length: number };
  /** Spike times in seconds, ascending, in blocks, each valid until the next is drawn. */
  readSpikes(channel: number): Iterable<Float64Array>;
}

export function spikeTrains(trains: readonly ArrayLike<number>[], durationSeconds: number): SpikeTrains {
  return { durationSeconds, channels: trains, readSpikes: (channel) => [Float64Array.from(trains[channel])] };
}

/** Detections closer than this on one electrode are one spike seen twice. */
const REFRACTORY_SECONDS = 1e-3;
/** Spike times in files are rounded to about this. */
const ROUNDING_SECONDS = 1e-7;

/** The spikes of a channel one by one, without those that follow a kept one within the refractory time. */
export function* spikesOf(trains: SpikeTrains, channel: number): Generator<number, void> {
  let last = Number.NEGATIVE_INFINITY;
  for (const block of trains.readSpikes(channel))
    for (const time of block)
      if (time - last >= REFRACTORY_SECONDS - ROUNDING_SECONDS) {
        last = time;
        yield time;
      }
}
