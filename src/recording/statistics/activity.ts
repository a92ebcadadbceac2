/**
 * Five numbers that describe the spontaneous activity of a culture on an electrode array. They are read the same
 * way from a real recording and from the simulated device; one channel at a time is in memory.
 *
 * Only active electrodes count: those with at least 5 spikes a minute, the field's usual bound.
 */
import { median } from "../../math/statistics.ts";
import { burstlets, networkBursts, type Span } from "./burstlets.ts";
import { MeanCorrelation } from "./synchrony.ts";
import { type SpikeTrains, spikesOf } from "./trains.ts";

const ACTIVE_RATE_HZ = 5 / 60;

export interface ActivityStatistics {
  /** Median over active electrodes. */
  readonly firingRateHz: number;
  /** burstlets.ts */
  readonly networkBurstsPerMinute: number;
  /** Share of all spikes that fall between the first and the last spike of a network burst. */
  readonly burstSpikeShare: number;
  /** synchrony.ts */
  readonly meanCorrelation: number;
  /** Coefficient of variation of the intervals between an electrode's spikes; median over active electrodes. */
  readonly intervalVariation: number;
}

export const ACTIVITY_STATISTICS = [
  "firingRateHz",
  "networkBurstsPerMinute",
  "burstSpikeShare",
  "meanCorrelation",
  "intervalVariation",
] as const satisfies readonly (keyof ActivityStatistics)[];

export interface Activity extends ActivityStatistics {
  readonly durationSeconds: number;
  readonly electrodes: number;
  readonly activeElectrodes: number;
  readonly networkBursts: readonly Span[];
}

/** Needs at least one active electrode. */
export function describeActivity(trains: SpikeTrains): Activity {
  const activity = activityOrNull(trains);
  if (activity === null)
    throw new RangeError(
      `describeActivity: expected at least one electrode with 5 spikes a minute, got none among ${trains.channels.length}`,
    );
  return activity;
}

/** Null where no electrode is active; with fewer than two `meanCorrelation` is NaN. Throws `RangeError` without any time. */
export function activityOrNull(trains: SpikeTrains): Activity | null {
  const { durationSeconds } = trains;
  if (!(durationSeconds > 0))
    throw new RangeError(`describeActivity: expected a duration above 0 s, got ${durationSeconds}`);
  const rates = Array.from(
    { length: trains.channels.length },
    (_, i) => count(spikesOf(trains, i)) / durationSeconds,
  );
  const active = [...rates.keys()].filter((channel) => rates[channel] >= ACTIVE_RATE_HZ);
  if (active.length === 0) return null;

  const correlation = new MeanCorrelation(durationSeconds);
  const spans: Span[][] = [];
  const variations: number[] = [];
  for (const channel of active) {
    spans.push(burstlets(spikesOf(trains, channel), rates[channel]));
    variations.push(intervalVariation(spikesOf(trains, channel)));
    correlation.add(spikesOf(trains, channel));
  }
  const bursts = networkBursts(spans);
  let inside = 0;
  let total = 0;
  for (const channel of active) {
    inside += countInside(spikesOf(trains, channel), bursts);
    total += rates[channel] * durationSeconds;
  }
  const varied = variations.filter((value) => !Number.isNaN(value));
  return {
    firingRateHz: median(active.map((channel) => rates[channel])),
    networkBurstsPerMinute: (60 * bursts.length) / durationSeconds,
    burstSpikeShare: inside / total,
    meanCorrelation: correlation.mean(),
    intervalVariation: varied.length > 0 ? median(varied) : Number.NaN,
    durationSeconds,
    electrodes: rates.length,
    activeElectrodes: active.length,
    networkBursts: bursts,
  };
}

/** Standard deviation over mean of the intervals (Welford's running moments); NaN for fewer than two intervals. */
export function intervalVariation(spikes: Iterable<number>): number {
  let last = Number.NaN;
  let n = 0;
  let mean = 0;
  let squares = 0;
  for (const time of spikes) {
    if (!Number.isNaN(last)) {
      const interval = time - last;
      const before = interval - mean;
      mean += before / ++n;
      squares += before * (interval - mean);
    }
    last = time;
  }
  return n < 2 ? Number.NaN : Math.sqrt(squares / n) / mean;
}

function count(spikes: Iterable<number>): number {
  let n = 0;
  for (const _ of spikes) n++;
  return n;
}

/** How many of the ascending `spikes` lie in one of the ascending, disjoint `spans`, ends included. */
function countInside(spikes: Iterable<number>, spans: readonly Span[]): number {
  let next = 0;
  let inside = 0;
  for (const time of spikes) {
    while (next < spans.length && spans[next].end < time) next++;
    if (next === spans.length) break;
    if (time >= spans[next].start) inside++;
  }
  return inside;
}
