/** What a file holds, in numbers: signals, spikes or reading times. */
import { statSync } from "node:fs";
import { cleanSpikes } from "./clean.ts";
import {
  type Doubt,
  type Interval,
  observedSeconds,
  type ReadCulture,
  type Recording,
  type RecordingChannel,
  RecordingError,
  type RecordingFile,
  type RecordingMeta,
  type RecordingSource,
} from "./contract.ts";
import { cultureNamed } from "./cultures/cultures.ts";
import { overlaidDoubt } from "./cultures/doubts.ts";
import { gapsIn } from "./cultures/intervals.ts";
import { openRecordingFile } from "./open.ts";
import type { SignalChannel, SignalMeta, SignalSource } from "./signals/contract.ts";
import { holdsSignals, openSignals } from "./signals/open.ts";
import { isReadingTimes, readingTimes } from "./signals/reading-times.ts";
import { firstLines } from "./text/lines.ts";

export interface SignalsDescription {
  readonly kind: "signals";
  readonly source: SignalSource;
  readonly preparation?: "person";
  readonly startSeconds?: number;
  readonly durationSeconds: number;
  readonly channelList: readonly SignalChannel[];
  readonly doubts: readonly Doubt[];
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

/** Of one culture. */
export interface CultureDescription {
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** Of the duration, what was observed. */
  readonly observedSeconds: number;
  readonly gaps: readonly Interval[];
  readonly trials: number;
  readonly channels: number;
  readonly spikes: number;
  /** Per channel, over the observed time. */
  readonly meanRateHz: number;
  /** Spikes less than 1 ms after the last kept one: one spike seen twice. */
  readonly doubleDetections: number;
  readonly shortIntervalShare: number;
  /** Below 0.01 Hz once double detections are out. */
  readonly deadChannels: readonly string[];
  readonly treatment?: string;
  readonly dose?: string;
  readonly channelList: readonly RecordingChannel[];
}

export interface SpikesDescription extends Omit<CultureDescription, "channelList"> {
  readonly kind: "spikes";
  readonly source: RecordingSource;
  /** Where the file holds one culture. */
  readonly channelList?: readonly RecordingChannel[];
  /** Where it holds several; beside it are their sums, and the whole time. */
  readonly cultures?: readonly (CultureDescription & { readonly name: string })[];
  readonly doubts: readonly Doubt[];
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

/** Of all cultures, or of the one named. */
export async function describe(path: string, options: ReadCulture = {}): Promise<Description> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new RecordingError(`${path}: no such file`);
  const found = options.detect === undefined && (stat.isDirectory() || stat.size > 0);
  if (found && (await holdsSignals(path))) return describeSignals(path);
  if (
    stat.isFile() &&
    /\.(csv|tsv|txt)(\.gz)?$/i.test(path) &&
    isReadingTimes((await firstLines(path, 1))[0] ?? "")
  )
    return describeReading(path);
  const file = await openRecordingFile(path, options);
  try {
    const { culture } = options;
    return describeSpikes(
      culture === undefined ? file : { ...file, cultures: [cultureNamed(file, culture)] },
    );
  } finally {
    file.close();
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
    const { source, preparation, startSeconds, durationSeconds, meta } = recording;
    return {
      kind: "signals",
      source,
      ...(preparation ? { preparation } : {}),
      ...(startSeconds === undefined ? {} : { startSeconds }),
      durationSeconds,
      channelList: recording.channels,
      doubts: recording.doubts ?? [],
      channelGroups: [...groups.values()],
      events,
      eventCounts: [...counts.values()].sort((a, b) => b.count - a.count).slice(0, COMMONEST),
      meta,
    };
  } finally {
    recording.close();
  }
}

function describeSpikes(file: RecordingFile): SpikesDescription {
  const cultures = file.cultures.map(describeCulture);
  const doubts = [...file.doubts, ...cultures.flatMap(({ doubt }) => doubt ?? [])];
  const common = { kind: "spikes" as const, source: file.source, doubts, meta: file.cultures[0].meta };
  if (cultures.length === 1) {
    const { culture } = cultures[0];
    return { ...common, ...culture };
  }
  const all = cultures.map(({ culture }) => culture);
  const sum = (of: (culture: CultureDescription) => number) =>
    all.reduce((total, culture) => total + of(culture), 0);
  const startSeconds = Math.min(...all.map((culture) => culture.startSeconds));
  const end = Math.max(...all.map((culture) => culture.startSeconds + culture.durationSeconds));
  const exposure = sum((culture) => culture.observedSeconds * culture.channels);
  const intervals = sum(({ spikes, channels }) => Math.max(0, spikes - channels));
  const { treatment: _, dose: __, ...meta } = common.meta;
  return {
    ...common,
    meta,
    startSeconds,
    durationSeconds: end - startSeconds,
    observedSeconds: Math.max(...all.map((culture) => culture.observedSeconds)),
    gaps: [],
    trials: Math.max(...all.map((culture) => culture.trials)),
    channels: sum(({ channels }) => channels),
    spikes: sum(({ spikes }) => spikes),
    meanRateHz: exposure > 0 ? sum(({ spikes }) => spikes) / exposure : 0,
    doubleDetections: sum(({ doubleDetections }) => doubleDetections),
    shortIntervalShare:
      intervals > 0 ? sum((c) => c.shortIntervalShare * Math.max(0, c.spikes - c.channels)) / intervals : 0,
    deadChannels: file.cultures.flatMap(({ culture }, i) =>
      all[i].deadChannels.map((channel) =>
        culture === undefined || channel.startsWith(culture) ? channel : `${culture} ${channel}`,
      ),
    ),
    cultures: all.map((culture, i) => ({ name: file.cultures[i].culture ?? "", ...culture })),
  };
}

function describeCulture(recording: Recording): { culture: CultureDescription; doubt: Doubt | undefined } {
  const { report } = cleanSpikes(recording);
  const { startSeconds, durationSeconds, channels, meta, observed, trials } = recording;
  const kept = report.channels.reduce((sum, channel) => sum + channel.kept, 0);
  const seconds = observedSeconds(recording);
  const doubleDetections = report.spikes - kept;
  return {
    culture: {
      startSeconds,
      durationSeconds,
      observedSeconds: seconds,
      gaps: gapsIn(observed, durationSeconds),
      trials: trials.length,
      channels: channels.length,
      spikes: report.spikes,
      meanRateHz: seconds > 0 && channels.length > 0 ? report.spikes / seconds / channels.length : 0,
      doubleDetections,
      shortIntervalShare: report.shortIntervalShare,
      deadChannels: report.deadChannels,
      ...(meta.treatment === undefined ? {} : { treatment: meta.treatment }),
      ...(meta.dose === undefined ? {} : { dose: meta.dose }),
      channelList: channels,
    },
    doubt: overlaidDoubt(recording, doubleDetections),
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
