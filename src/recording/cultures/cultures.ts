/**
 * The cultures of a file: its channels by culture, and when each was observed. What the file does not say of the beginning
 * is taken from the spikes: clocks run long before a recording begins, and a culture that is silent for far longer than
 * ever afterwards was not recorded yet.
 */
import { naturally } from "../blocks.ts";
import {
  type Doubt,
  type Interval,
  type ReadOptions,
  type Recording,
  type RecordingChannel,
  RecordingError,
  type RecordingFile,
} from "../contract.ts";
import { doubtsOf } from "./doubts.ts";
import type { CultureFacts, FileChannel, SpikeFile } from "./spike-file.ts";
import { type Survey, Surveyor } from "./survey.ts";

/** A beginning this many times longer than the longest silence is no part of the recording, if it takes this long. */
const LATE_SILENCES = 2;
const LATE_SECONDS = 1;
/** Fewer spikes do not tell how long a culture is silent. */
const ENOUGH_SPIKES = 10;

export function culturesOf(file: SpikeFile, options: ReadOptions = {}): RecordingFile {
  const { fromSeconds, toSeconds } = options;
  if (fromSeconds !== undefined && toSeconds !== undefined && !(toSeconds > fromSeconds))
    throw new RecordingError(`${file.name}: expected an end after ${fromSeconds} s, got ${toSeconds} s`);
  /** By culture, the numbers of its channels in the file. */
  const members = new Map<string, number[]>();
  file.channels.forEach(({ culture = "" }, index) => {
    const found = members.get(culture);
    if (found) found.push(index);
    else members.set(culture, [index]);
  });
  if (members.size === 0) members.set("", []);
  const survey = surveyOf(file, file.counts ? [] : file.channels.keys());
  const late: Doubt[] = [];
  let sharing = false;
  const shared = spanOf(
    file,
    () => survey,
    (doubt) => late.push(doubt),
  );
  const cultures = [...members.keys()].sort(naturally).map((culture) => {
    const facts = file.cultures?.get(culture) ?? {};
    const own = facts.span ?? facts.observed ?? facts.startSeconds ?? facts.endSeconds;
    const channels = members.get(culture)!;
    if (own === undefined) sharing = true;
    const observed = own === undefined ? file.observed : facts.observed;
    const ownSurvey = () => (members.size === 1 && !file.counts ? survey : surveyOf(file, channels));
    const span = own === undefined ? shared : spanOf(facts, ownSurvey);
    return cultureOf(
      file,
      { ...facts, ...span, ...(observed ? { observed } : {}) },
      { ...options, culture, channels },
    );
  });
  const { name, source } = file;
  return {
    name,
    source,
    cultures,
    doubts: [...(file.doubts ?? []), ...(sharing ? late : []), ...doubtsOf({ cultures, survey })],
    close: () => file.close(),
  };
}

function surveyOf(file: SpikeFile, channels: Iterable<number>): Survey {
  const surveyor = new Surveyor();
  for (const channel of channels) for (const block of file.readSpikes(channel)) surveyor.add(block);
  return surveyor.finish();
}

/** When recording began and ended, as stated and as the spikes show, which are looked at only where they are needed. */
function spanOf(facts: CultureFacts, look: () => Survey, tell?: (doubt: Doubt) => void): Interval {
  const { span, observed } = facts;
  if (observed && observed.length > 0)
    return { startSeconds: observed[0].startSeconds, endSeconds: observed.at(-1)!.endSeconds };
  const survey = look();
  const [first, last] = survey.spikes > 0 ? [survey.firstSeconds, survey.lastSeconds] : [Infinity, -Infinity];
  const stated = span?.startSeconds ?? facts.startSeconds;
  const end = Math.max(span?.endSeconds ?? facts.endSeconds ?? Number.NEGATIVE_INFINITY, last);
  if (stated !== undefined) {
    const startSeconds = Math.min(stated, first);
    return { startSeconds, endSeconds: Math.max(end, startSeconds) };
  }
  const silence = survey.silence.endSeconds - survey.silence.startSeconds;
  const late = survey.spikes >= ENOUGH_SPIKES && first > Math.max(LATE_SECONDS, LATE_SILENCES * silence);
  if (late)
    tell?.({
      kind: "starts-late",
      message: `nothing fires for the first ${first.toFixed(1)} s of the clock, and never again as long: read as beginning with the first spike`,
      flag: "--from 0",
    });
  const startSeconds = late ? first : Math.min(0, first);
  return { startSeconds, endSeconds: Math.max(end, startSeconds) };
}

interface Wanted extends ReadOptions {
  readonly culture: string;
  readonly channels: readonly number[];
}

/** The culture as a recording, with times from its start. */
function cultureOf(
  file: SpikeFile,
  facts: CultureFacts & Interval,
  { culture, channels, fromSeconds, toSeconds }: Wanted,
): Recording {
  const clock = file.clockSeconds ?? 0;
  const from = fromSeconds === undefined ? facts.startSeconds : fromSeconds - clock;
  const to = toSeconds === undefined ? Math.max(facts.endSeconds, from) : toSeconds - clock;
  const within = (intervals: readonly Interval[]) =>
    intervals.flatMap(({ startSeconds, endSeconds }) => {
      const [start, end] = [Math.max(startSeconds, from), Math.min(endSeconds, to)];
      return end > start ? [{ startSeconds: start - from, endSeconds: end - from }] : [];
    });
  const chosen = fromSeconds !== undefined || toSeconds !== undefined;
  const observed = facts.observed ? within(facts.observed) : [{ startSeconds: 0, endSeconds: to - from }];
  const { name, source, counts } = file;
  if (counts && chosen)
    throw new RecordingError(`${name}: holds counts in bins, of which no part can be taken by time`);
  const read = (index: number) =>
    chosen || facts.observed
      ? inside(file.readSpikes(index), from, observed)
      : shifted(file.readSpikes(index), from);
  return {
    name,
    ...(culture === "" ? {} : { culture }),
    source,
    startSeconds: clock + from,
    durationSeconds: to - from,
    observed,
    trials: within(facts.trials ?? file.trials ?? []),
    channels: channels.map((index) => {
      const channel = withoutCulture(file.channels[index]);
      return chosen || facts.observed ? { ...channel, spikeCount: lengthOf(read(index)) } : channel;
    }),
    meta: { ...file.meta, ...facts.meta },
    ...(counts ? { counts: { ...counts, read: (channel: number) => counts.read(channels[channel]) } } : {}),
    readSpikes: (channel) => {
      const index = channels[channel];
      if (index === undefined)
        throw new RecordingError(`${name}: no channel ${channel}; it has ${channels.length}`);
      return read(index);
    },
    close: () => file.close(),
  };
}

/** The channel itself where its culture has no name: a file may have very many. */
function withoutCulture(channel: FileChannel): RecordingChannel {
  if (channel.culture === undefined) return channel;
  const { culture: _, ...rest } = channel;
  return rest;
}

function* shifted(blocks: Iterable<Float64Array>, by: number): Generator<Float64Array> {
  for (const block of blocks) yield by === 0 ? block : block.map((time) => time - by);
}

/** Spikes in the intervals (their ends belong to them, unless the next begins there), from the start on. */
function* inside(
  blocks: Iterable<Float64Array>,
  start: number,
  intervals: readonly Interval[],
): Generator<Float64Array> {
  let next = 0;
  const last = intervals.length - 1;
  for (const block of blocks) {
    const kept = block
      .map((time) => time - start)
      .filter((time) => {
        while (next < last && (time > intervals[next].endSeconds || time >= intervals[next + 1].startSeconds))
          next++;
        const at = intervals[next];
        return at !== undefined && time >= at.startSeconds && time <= at.endSeconds;
      });
    if (kept.length > 0) yield kept;
  }
}

function lengthOf(blocks: Iterable<Float64Array>): number {
  let n = 0;
  for (const block of blocks) n += block.length;
  return n;
}

/** The culture of that name, or the only one. Throws `RecordingError` with the names there are. */
export function cultureNamed(file: RecordingFile, name?: string): Recording {
  const names = file.cultures.map(({ culture }) => culture ?? "");
  const found =
    name === undefined
      ? file.cultures.length === 1
        ? file.cultures[0]
        : undefined
      : file.cultures.find(({ culture }) => culture?.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const there = names.length === 1 && names[0] === "" ? "one, without a name" : listed(names);
  throw new RecordingError(
    name === undefined
      ? `${file.name}: holds ${names.length} cultures (${there}): name one with --culture`
      : `${file.name}: no culture ${JSON.stringify(name)}; it holds ${there}`,
  );
}

function listed(names: readonly string[]): string {
  return names.length > 50 ? `${names.slice(0, 50).join(", ")}, ...` : names.join(", ");
}
