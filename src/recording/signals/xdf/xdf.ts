/**
 * XDF files (LabRecorder): several streams, each with its own clock, brought to the recorder's by the clock offsets that
 * it measured. The stream of numbers at a steady rate with the most channels is the signals, others at that rate beside
 * it; streams of texts, and those without a rate, are events.
 * Specification: https://github.com/sccn/xdf/wiki/Specifications
 */
import { type Doubt, RecordingError } from "../../contract.ts";
import type { ByteFile } from "../bytes.ts";
import type { SignalChannel, SignalEvent, SignalRecording } from "../contract.ts";
import { checkedWindow } from "../window.ts";
import { xdfSamples } from "./samples.ts";
import { type XdfChunk, type XdfStream, xdfStreams } from "./streams.ts";

/** Streams whose samples end further apart than this many samples from where a steady clock would have them have gaps. */
const SLACK_SAMPLES = 0.5;
/** Days at some kilohertz: times further apart than this are damage. */
const MAX_SAMPLES = 2 ** 31;
/** A stream without a sample for this long was interrupted. */
const BREAK_SECONDS = 1;

export function isXdf(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 4)).toString("latin1") === "XDF:";
}

export function openXdf(file: ByteFile, name: string): SignalRecording {
  const { streams, cut } = xdfStreams(file);
  const steady = streams
    .filter(({ rateHz, type }) => rateHz > 0 && type !== "string")
    .map((stream) => ({ stream, grid: gridOf(file, stream) }))
    .filter(({ grid }) => grid.samples > 0);
  const events = streams.filter(({ rateHz, type }) => rateHz === 0 || type === "string");
  const starts = steady.map(({ grid }) => grid.startSeconds);
  const origin = starts.length > 0 ? Math.min(...starts) : firstEvent(file, events);
  if (!Number.isFinite(origin)) throw new RecordingError(`${file.path}: an XDF file without samples`);
  const end = Math.max(origin, ...steady.map(({ grid }) => grid.startSeconds + grid.samples / grid.rateHz));
  const places = steady.flatMap(({ stream, grid }) =>
    Array.from({ length: stream.channels }, (_, channel) => ({ stream, grid, channel })),
  );
  const several = steady.length > 1;
  const channels = places.map(({ stream, grid, channel }): SignalChannel => {
    const label = stream.labels[channel] || `${stream.name || "channel"} ${channel + 1}`;
    return {
      label: several ? `${stream.name}: ${label}` : label,
      unit: stream.units[channel] ?? "",
      rateHz: grid.rateHz,
      samples: grid.lead(origin) + grid.samples,
      ...(several ? { group: stream.name } : {}),
    };
  });
  const doubts: Doubt[] = cut
    ? [{ kind: "cut-short", message: "the file ends within a chunk, which is left out" }]
    : [];
  return {
    name,
    source: "xdf",
    startSeconds: origin,
    durationSeconds: end - origin,
    channels,
    meta: {},
    doubts,
    *events() {
      for (const stream of events) yield* eventsOf(file, stream, origin);
    },
    read: (start, count, wanted) => {
      const chosen = checkedWindow(name, channels, { start, count, wanted });
      const out = new Float64Array(chosen.length * count).fill(Number.NaN);
      for (const { stream, grid } of steady) {
        const rows = [...chosen.entries()].filter(([, channel]) => places[channel].stream === stream);
        if (rows.length === 0) continue;
        const lead = grid.lead(origin);
        for (const [sample, values] of grid.within(start - lead, start - lead + count)) {
          const at = sample + lead - start;
          for (const [row, channel] of rows) out[row * count + at] = values[places[channel].channel];
        }
      }
      return out;
    },
    close: () => file.close(),
  };
}

function* eventsOf(file: ByteFile, stream: XdfStream, origin: number): Generator<SignalEvent> {
  for (const chunk of stream.chunks)
    for (const { time, values, text } of xdfSamples(file, stream, chunk)) {
      if (time === undefined) continue;
      yield {
        seconds: stream.clock(time) - origin,
        durationSeconds: 0,
        kind: "marker",
        label: (text ?? Array.from(values)).join(" "),
      };
    }
}

function firstEvent(file: ByteFile, streams: readonly XdfStream[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const stream of streams)
    for (const chunk of stream.chunks.slice(0, 1))
      for (const { time } of xdfSamples(file, stream, chunk))
        if (time !== undefined) first = Math.min(first, stream.clock(time));
  return first;
}

interface Grid {
  readonly startSeconds: number;
  readonly rateHz: number;
  readonly samples: number;
  /** Samples of this grid between the recording's origin and its own start. */
  lead(origin: number): number;
  within(from: number, to: number): Generator<[sample: number, values: Float64Array]>;
}

/** Samples without a time follow the last one at the stream's rate. */
function gridOf(file: ByteFile, stream: XdfStream): Grid {
  const { rateHz } = stream;
  const placed: { chunk: XdfChunk; first: number }[] = [];
  let startSeconds = Number.NaN;
  let next = 0; // where the next sample without a time lies
  for (const chunk of stream.chunks) {
    const first = next;
    let here: number | undefined;
    for (const { time } of xdfSamples(file, stream, chunk, { values: false })) {
      const at = placeOf(stream, { time, next, startSeconds });
      if (Number.isNaN(startSeconds)) startSeconds = time === undefined ? 0 : stream.clock(time);
      here ??= at;
      next = at + 1;
      if (next > MAX_SAMPLES)
        throw new RecordingError(
          `${file.path}: expected samples within days of each other in ${stream.name || "a stream"}, got a gap to sample ${at}`,
        );
    }
    placed.push({ chunk, first: here ?? first });
  }
  return {
    startSeconds,
    rateHz,
    samples: next,
    lead: (origin) => Math.max(0, Math.round((startSeconds - origin) * rateHz)),
    *within(from, to) {
      let index = 0;
      while (index + 1 < placed.length && placed[index + 1].first <= from) index++;
      for (; index < placed.length && placed[index].first < to; index++) {
        let at = placed[index].first - 1;
        let isFirst = true;
        for (const { time, values } of xdfSamples(file, stream, placed[index].chunk)) {
          at = isFirst ? at + 1 : placeOf(stream, { time, next: at + 1, startSeconds });
          isFirst = false;
          if (at >= from && at < to) yield [at, values];
        }
      }
    },
  };
}

interface Place {
  readonly time: number | undefined;
  readonly next: number;
  readonly startSeconds: number;
}

/** Jitter of the time stamps is none of the signal: only a jump forward is believed. */
function placeOf({ clock, rateHz }: XdfStream, { time, next, startSeconds }: Place): number {
  if (time === undefined || Number.isNaN(startSeconds)) return next;
  const exact = (clock(time) - startSeconds) * rateHz;
  const jump = exact - next;
  return jump > Math.max(BREAK_SECONDS * rateHz, SLACK_SAMPLES) ? Math.round(exact) : next;
}
