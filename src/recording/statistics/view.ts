/** What a page about a culture draws: an excerpt of its spikes, rates, intervals and bursts, bounded in size. */
import { observedSeconds, type Recording } from "../contract.ts";
import { activityOrNull } from "./activity.ts";
import type { Span } from "./burstlets.ts";
import { observedTrains } from "./observed.ts";

const MOST_TICKS = 12_000;
const EXCERPT_SECONDS = 60;
const RATE_BINS = 600;
/** Tenths of a decade, from 0.1 ms to 100 s. */
const INTERVAL_BINS = 60;
const SHORTEST_MS = 0.1;

export interface CultureView {
  readonly name: string;
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly treatment?: string;
  readonly channels: readonly {
    readonly name: string;
    readonly xUm?: number;
    readonly yUm?: number;
    readonly spikes: number;
    readonly rateHz: number;
  }[];
  /** The spikes of each channel in the first seconds, from the start. */
  readonly excerpt: { readonly seconds: number; readonly times: readonly (readonly number[])[] };
  /** Of all channels together. */
  readonly rate: { readonly binSeconds: number; readonly hz: readonly number[] };
  /** Same-channel intervals in bins of a tenth of a decade from 0.1 ms on. */
  readonly intervals: readonly number[];
  readonly bursts: readonly Span[];
}

export function viewOf(recording: Recording): CultureView {
  const seconds = Math.max(1e-9, observedSeconds(recording));
  const spikes = recording.channels.reduce((sum, { spikeCount }) => sum + spikeCount, 0);
  const excerpt = Math.min(
    recording.durationSeconds,
    EXCERPT_SECONDS,
    (MOST_TICKS / Math.max(1, spikes)) * seconds,
  );
  const binSeconds = Math.max(1e-9, recording.durationSeconds / RATE_BINS);
  const hz = new Array<number>(RATE_BINS).fill(0);
  const intervals = new Array<number>(INTERVAL_BINS).fill(0);
  const times = recording.channels.map((_, channel) => {
    const ticks: number[] = [];
    let last = Number.NaN;
    if (!recording.counts)
      for (const block of recording.readSpikes(channel))
        for (const time of block) {
          if (time < excerpt && ticks.length < MOST_TICKS) ticks.push(Math.round(time * 1e4) / 1e4);
          hz[Math.min(RATE_BINS - 1, Math.floor(time / binSeconds))] += 1 / binSeconds;
          const bin = Math.floor(10 * Math.log10((1000 * (time - last)) / SHORTEST_MS));
          if (bin >= 0 && bin < INTERVAL_BINS) intervals[bin]++;
          last = time;
        }
    return ticks;
  });
  const { meta } = recording;
  const given = [meta.treatment, meta.dose].filter(Boolean).join(" ");
  return {
    name: recording.culture ?? recording.name,
    startSeconds: recording.startSeconds,
    durationSeconds: recording.durationSeconds,
    ...(given === "" ? {} : { treatment: given }),
    channels: recording.channels.map(({ name, xUm, yUm, spikeCount }) => ({
      name,
      ...(xUm === undefined || yUm === undefined ? {} : { xUm, yUm }),
      spikes: spikeCount,
      rateHz: spikeCount / seconds,
    })),
    excerpt: { seconds: excerpt, times },
    rate: { binSeconds, hz: hz.map((value) => Math.round(value * 100) / 100) },
    intervals,
    bursts: burstsOf(recording),
  };
}

/** None where the culture is too silent to have any. */
function burstsOf(recording: Recording): readonly Span[] {
  if (recording.counts) return [];
  const trains = observedTrains(recording);
  return trains.durationSeconds > 0 ? (activityOrNull(trains)?.networkBursts ?? []) : [];
}
