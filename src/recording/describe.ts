/** What a file holds, in numbers: signals, spikes or reading times. */
import { statSync } from "node:fs";
import { cleanSpikes } from "./clean.ts";
import { type Recording, RecordingError, type RecordingMeta, type RecordingSource } from "./contract.ts";
import { firstLines } from "./lines.ts";
import { openRecording } from "./open.ts";
import type { SignalMeta, SignalSource } from "./signals/contract.ts";
import { holdsSignals, openSignals } from "./signals/open.ts";
import { isReadingTimes, readingTimes } from "./signals/reading-times.ts";

export interface SignalsDescription {
  readonly kind: "signals";
  readonly source: SignalSource;
  readonly preparation: "person";
  readonly durationSeconds: number;
  /** Channels of one unit and rate, in the file's order. */
  readonly channelGroups: readonly {
    readonly unit: string;
    readonly rateHz: number;
    readonly labels: readonly string[];
  }[];
  readonly events: number;
  /** How many events of each kind and label; the 20 commonest. */
  readonly eventCounts: readonly { readonly kind: string; readonly label: string; readonly count: number }[];
  readonly meta: SignalMeta;
}

export interface SpikesDescription {
  readonly kind: "spikes";
  readonly source: RecordingSource;
  readonly durationSeconds: number;
  readonly channels: number;
  readonly spikes: number;
  readonly meanRateHz: number;
  /** Spikes less than 1 ms after the last kept one: one spike seen twice. */
  readonly doubleDetections: number;
  readonly shortIntervalShare: number;
  /** Below 0.01 Hz once double detections are out. */
  readonly deadChannels: readonly string[];
  readonly meta: RecordingMeta;
}

export interface ReadingDescription {
  readonly kind: "reading-times";
  readonly preparation: "person";
  readonly sentences: number;
  readonly words: number;
  /** Words never looked at. */
  readonly skippedWords: number;
  readonly totalReadingSeconds: number;
}

export type Description = SignalsDescription | SpikesDescription | ReadingDescription;

const COMMONEST = 20;

export async function describe(path: string): Promise<Description> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new RecordingError(`${path}: no such file`);
  if (!stat.isFile()) throw new RecordingError(`${path}: expected a recording, got a folder`);
  if (stat.size > 0 && holdsSignals(path)) return describeSignals(path);
  if (/\.(csv|tsv|txt)(\.gz)?$/i.test(path) && isReadingTimes((await firstLines(path, 1))[0] ?? ""))
    return describeReading(path);
  const recording = await openRecording(path);
  try {
    return describeSpikes(recording);
  } finally {
    recording.close();
  }
}

async function describeSignals(path: string): Promise<SignalsDescription> {
  const recording = await openSignals(path);
  try {
    const groups = new Map<string, { unit: string; rateHz: number; labels: string[] }>();
    for (const { label, unit, rateHz } of recording.channels) {
      const key = `${unit} ${rateHz}`;
      if (!groups.has(key)) groups.set(key, { unit, rateHz, labels: [] });
      groups.get(key)!.labels.push(label);
    }
    const counts = new Map<string, { kind: string; label: string; count: number }>();
    let events = 0;
    for (const { kind, label } of recording.events()) {
      events++;
      const key = `${kind} ${label}`;
      const entry = counts.get(key);
      if (entry) entry.count++;
      else if (counts.size < 10_000) counts.set(key, { kind, label, count: 1 });
    }
    const { source, preparation, durationSeconds, meta } = recording;
    return {
      kind: "signals",
      source,
      preparation,
      durationSeconds,
      channelGroups: [...groups.values()],
      events,
      eventCounts: [...counts.values()].sort((a, b) => b.count - a.count).slice(0, COMMONEST),
      meta,
    };
  } finally {
    recording.close();
  }
}

function describeSpikes(recording: Recording): SpikesDescription {
  const { report } = cleanSpikes(recording);
  const { source, durationSeconds, channels, meta } = recording;
  const all = report.channels.reduce((sum, channel) => sum + channel.kept, 0);
  return {
    kind: "spikes",
    source,
    durationSeconds,
    channels: channels.length,
    spikes: report.spikes,
    meanRateHz:
      durationSeconds > 0 && channels.length > 0 ? report.spikes / durationSeconds / channels.length : 0,
    doubleDetections: report.spikes - all,
    shortIntervalShare: report.shortIntervalShare,
    deadChannels: report.deadChannels,
    meta,
  };
}

async function describeReading(path: string): Promise<ReadingDescription> {
  let [words, skippedWords, totalReadingMs] = [0, 0, 0];
  const sentences = new Set<number>();
  for await (const { sentence, totalReadingMs: ms } of readingTimes(path)) {
    words++;
    if (ms === 0) skippedWords++;
    totalReadingMs += ms;
    sentences.add(sentence);
  }
  return {
    kind: "reading-times",
    preparation: "person",
    sentences: sentences.size,
    words,
    skippedWords,
    totalReadingSeconds: totalReadingMs / 1000,
  };
}
