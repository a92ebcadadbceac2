/**
 * The spikes and pulses of one culture as they come in, on a clock that only runs forward: the device clock jumps
 * when an experiment puts its culture back to an earlier moment, and the raster goes on.
 */

import type { ActivityFrame } from "../../../experiment/live/frames.ts";
import { type Activity, activityOrNull } from "../../../recording/statistics/activity.ts";
import { spikeTrains } from "../../../recording/statistics/trains.ts";

/** Events that are kept. */
const CAPACITY = 1 << 16;
/** Bins of the population rate, and how many are kept. */
export const BIN_SECONDS = 0.02;
const BINS = 3000;

export class EventRing {
  readonly seconds = new Float64Array(CAPACITY);
  readonly channels = new Uint16Array(CAPACITY);
  readonly values = new Float32Array(CAPACITY);
  /** Events so far; event i is at `i % CAPACITY`. */
  count = 0;

  push(seconds: number, channel: number, value: number): void {
    const at = this.count++ % CAPACITY;
    this.seconds[at] = seconds;
    this.channels[at] = channel;
    this.values[at] = value;
  }

  get first(): number {
    return Math.max(0, this.count - CAPACITY);
  }

  /** Number of the first kept event at or after `seconds` (they ascend). */
  from(seconds: number): number {
    let [low, high] = [this.first, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.seconds[middle % CAPACITY] < seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  static readonly capacity = CAPACITY;
}

export class CultureActivity {
  readonly spikes = new EventRing();
  readonly pulses = new EventRing();
  /** Seconds of device time that have come in. */
  now = 0;
  /** Where the device clock jumped, on the forward clock. */
  jumps: number[] = [];
  /** The device clock (s) at `now`. */
  deviceSeconds = 0;
  /** Last spike and last pulse of each channel, seconds on the forward clock. */
  readonly lastSpike = new Map<number, number>();
  readonly lastPulse = new Map<number, number>();
  private readonly bins = new Float32Array(BINS);
  private lastBin = 0;
  private endFrame = Number.NaN;

  constructor(private readonly framesPerSecond: number) {}

  add(frame: ActivityFrame): void {
    const rate = this.framesPerSecond;
    const start = this.now;
    if (frame.startFrame !== this.endFrame && start > 0) {
      this.jumps.push(start);
      if (this.jumps.length > 200) this.jumps.shift();
    }
    frame.spikeOffsets.forEach((offset, i) => {
      const seconds = start + offset / rate;
      const channel = frame.spikeChannels[i];
      this.spikes.push(seconds, channel, 1);
      this.lastSpike.set(channel, seconds);
      this.count(seconds);
    });
    frame.pulseOffsets.forEach((offset, i) => {
      const channel = frame.pulseChannels[i];
      this.pulses.push(start + offset / rate, channel, frame.pulseChargeNc[i]);
      this.lastPulse.set(channel, start + offset / rate);
    });
    this.now = start + (frame.endFrame - frame.startFrame) / rate;
    this.deviceSeconds = frame.endFrame / rate;
    this.endFrame = frame.endFrame;
    this.count(this.now, 0);
  }

  /** The population rate of the last `seconds`: bin starts relative to now (s), and spikes per second and electrode. */
  rate(seconds: number, electrodes: number): { x: number[]; y: number[] } {
    const bins = Math.min(BINS - 1, Math.round(seconds / BIN_SECONDS), this.lastBin);
    const x: number[] = [];
    const y: number[] = [];
    for (let bin = this.lastBin - bins; bin < this.lastBin; bin++) {
      x.push(bin * BIN_SECONDS - this.now);
      y.push(this.bins[bin % BINS] / BIN_SECONDS / electrodes);
    }
    return { x, y };
  }

  /** Bursts and rates of the last `seconds`; null while there is too little. */
  describe(seconds: number, channels: readonly number[]): (Activity & { from: number }) | null {
    const from = Math.max(0, this.now - seconds);
    const trains = new Map<number, number[]>(channels.map((channel) => [channel, []]));
    for (let i = this.spikes.from(from); i < this.spikes.count; i++) {
      const at = i % EventRing.capacity;
      trains.get(this.spikes.channels[at])?.push(this.spikes.seconds[at] - from);
    }
    const duration = this.now - from;
    if (duration < 0.5) return null;
    const activity = activityOrNull(spikeTrains([...trains.values()], duration));
    return activity && { ...activity, from };
  }

  private count(seconds: number, spikes = 1): void {
    const bin = Math.floor(seconds / BIN_SECONDS);
    for (; this.lastBin < bin; this.lastBin++) this.bins[(this.lastBin + 1) % BINS] = 0;
    this.bins[bin % BINS] += spikes;
  }
}
