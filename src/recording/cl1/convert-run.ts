/**
 * One culture of a wetgrad run's NWB file as a CL1 recording: its recorded stretches in order of time, frames from
 * the beginning of the first. Pulses go into /stims, and with their phases into the data stream wetgrad_pulses; the
 * task's series into data streams of their own.
 */
import { RecordingError } from "../contract.ts";
import { cultureKey, type NwbOrigin } from "../nwb/origin.ts";
import type { NwbReader } from "../nwb/reader.ts";
import type { NwbUnit } from "../nwb/writer.ts";
import { CL1_CHANNELS, CL1_FRAMES_PER_SECOND } from "./layout.ts";
import type { DataStreamWriter } from "./streams.ts";
import { Cl1Writer } from "./writer.ts";

export interface RunCulture {
  readonly seed: number;
  readonly code: string;
  readonly arm: string;
}

export interface RunConversion extends RunCulture {
  readonly spikes: number;
  readonly stims: number;
  readonly durationSeconds: number;
}

const PULSES_STREAM = "wetgrad_pulses";

/** Writes the culture that `wanted` names, or the first of the run. */
export async function convertRunToCl1(
  reader: NwbReader,
  path: string,
  wanted: Partial<RunCulture> = {},
): Promise<RunConversion> {
  const first = find(reader, wanted);
  const culture = { seed: first.seed, code: first.code, arm: first.arm };
  const belongs = (origin: NwbOrigin) =>
    origin.seed === culture.seed && origin.code === culture.code && origin.arm === culture.arm;
  const startFrame = frameOf(first.startSeconds);
  const writer = await Cl1Writer.create(path, {
    application: { name: "wetgrad", run: reader.identifier, ...culture },
  });
  let [spikes, stims, end] = [0, 0, 0];
  try {
    for (const { events, endFrame } of stretches(reader, belongs)) {
      for (const [frame, channel] of events) writer.spike(frame - startFrame, channel);
      spikes += events.length;
      end = endFrame - startFrame;
    }
    const pulses = writer.dataStream(PULSES_STREAM, { phases: "current in uA, duration in us" });
    for (const [frame, group] of byFrame(
      reader.stimulation(),
      (pulse) => frameOf(pulse.startSeconds),
      belongs,
    )) {
      for (const { channel } of group) writer.stim(frame - startFrame, channel);
      const value = group.map(({ channel, phases }) => ({
        channel,
        phases: phases.map(({ currentUa, durationUs }) => [currentUa, durationUs]),
      }));
      pulses.append(frame - startFrame, value);
      stims += group.length;
    }
    const own = `${cultureKey(culture)}_`;
    for (const { name, unit, description, values, timestamps } of reader.series()) {
      if (!name.startsWith(own)) continue;
      const stream = writer.dataStream(name.slice(own.length), { unit, description });
      appendSeries(stream, values, timestamps, startFrame);
    }
    writer.close(end);
  } catch (error) {
    writer.abandon();
    throw error;
  }
  return { ...culture, spikes, stims, durationSeconds: end / CL1_FRAMES_PER_SECOND };
}

function find(reader: NwbReader, wanted: Partial<RunCulture>): NwbUnit & NwbOrigin {
  const there = new Set<string>();
  for (const unit of reader.units()) {
    const { seed = unit.seed, code = unit.code, arm = unit.arm } = wanted;
    if (unit.seed === seed && unit.code === code && unit.arm === arm) return unit;
    there.add(`seed ${unit.seed} ${unit.code} ${unit.arm}`);
  }
  throw new RecordingError(
    `${reader.path}: no culture ${JSON.stringify(wanted)}; it holds ${[...there].join(", ") || "none"}`,
  );
}

type Event = readonly [frame: number, channel: number];

/** Each recorded stretch: the spikes of all its electrodes in order of time. One stretch in memory. */
function* stretches(
  reader: NwbReader,
  belongs: (origin: NwbOrigin) => boolean,
): Generator<{ events: Event[]; endFrame: number }> {
  let events: Event[] = [];
  let stretch: { start: number; endFrame: number } | undefined;
  const sorted = () => events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  for (const unit of reader.units()) {
    if (!belongs(unit)) continue;
    if (unit.channel >= CL1_CHANNELS)
      throw new RecordingError(
        `${reader.path}: a CL1 recording has ${CL1_CHANNELS} channels, the run has channel ${unit.channel}`,
      );
    if (stretch && stretch.start !== unit.startSeconds) {
      yield { events: sorted(), endFrame: stretch.endFrame };
      events = [];
    }
    stretch = { start: unit.startSeconds, endFrame: frameOf(unit.stopSeconds) };
    for (let i = 0; i < unit.spikeTimes.length; i++) events.push([frameOf(unit.spikeTimes[i]), unit.channel]);
  }
  if (stretch) yield { events: sorted(), endFrame: stretch.endFrame };
}

/** Neighbouring items of one frame together. */
function* byFrame<T extends NwbOrigin>(
  items: Iterable<T>,
  frame: (item: T) => number,
  belongs: (origin: NwbOrigin) => boolean,
): Generator<[number, T[]]> {
  let group: T[] = [];
  for (const item of items) {
    if (!belongs(item)) continue;
    if (group.length > 0 && frame(group[0]) !== frame(item)) {
      yield [frame(group[0]), group];
      group = [];
    }
    group.push(item);
  }
  if (group.length > 0) yield [frame(group[0]), group];
}

/** A value per frame; a list of values where several fall on one frame. */
function appendSeries(
  stream: DataStreamWriter,
  values: Float64Array,
  timestamps: Float64Array,
  startFrame: number,
): void {
  for (let i = 0; i < values.length; ) {
    const frame = frameOf(timestamps[i]);
    let next = i + 1;
    while (next < values.length && frameOf(timestamps[next]) === frame) next++;
    stream.append(frame - startFrame, next === i + 1 ? values[i] : Array.from(values.subarray(i, next)));
    i = next;
  }
}

function frameOf(seconds: number): number {
  return Math.round(seconds * CL1_FRAMES_PER_SECOND);
}
