/** Any recording as a CL1 recording: spikes in order of time, without waveforms or raw samples. */
import { type Recording, RecordingError } from "../contract.ts";
import { CL1_CHANNELS, CL1_FRAMES_PER_SECOND } from "./layout.ts";
import { Cl1Writer } from "./writer.ts";

export interface Cl1Conversion {
  readonly spikes: number;
  readonly durationSeconds: number;
  /** CL1 channel of each of the recording's channels. */
  readonly channels: readonly { readonly name: string; readonly channel: number }[];
}

/** Writes `recording` to `path`. Channels named by a number below 64 keep it; otherwise they are numbered in order. */
export async function convertToCl1(recording: Recording, path: string): Promise<Cl1Conversion> {
  const { counts, channels, durationSeconds, meta, name } = recording;
  if (counts) throw new RecordingError(`${name}: expected spike times, but the file holds counts only`);
  if (channels.length > CL1_CHANNELS)
    throw new RecordingError(
      `${name}: a CL1 recording has at most ${CL1_CHANNELS} channels, this one has ${channels.length}: choose some with --channels, or a culture with --culture, or write NWB (a name ending in .nwb)`,
    );
  const numbers = numbersOf(channels.map((channel) => channel.name));
  const created = Date.parse(meta.startTime ?? "");
  const writer = await Cl1Writer.create(path, {
    application: { name: "wetgrad", source: recording.source, recording: name },
    ...(Number.isFinite(created) ? { createdUtc: new Date(created).toISOString() } : {}),
  });
  let spikes = 0;
  let last = 0;
  try {
    for (const [seconds, channel] of inOrder(recording)) {
      const frame = Math.round(seconds * CL1_FRAMES_PER_SECOND);
      writer.spike(frame, numbers[channel]);
      last = frame;
      spikes++;
    }
    writer.close(Math.max(last, Math.ceil(durationSeconds * CL1_FRAMES_PER_SECOND)));
  } catch (error) {
    writer.abandon();
    throw error;
  }
  return {
    spikes,
    durationSeconds,
    channels: channels.map((channel, i) => ({ name: channel.name, channel: numbers[i] })),
  };
}

function numbersOf(names: readonly string[]): number[] {
  const own = names.map((name) => Number(/(\d+)\D*$/.exec(name)?.[1] ?? Number.NaN));
  const usable = own.every((number) => number < CL1_CHANNELS) && new Set(own).size === own.length;
  return usable ? own : names.map((_, i) => i);
}

/** Every spike of every channel, earliest first; equal times in order of channel. Memory: a block per channel. */
function* inOrder(recording: Recording): Generator<[seconds: number, channel: number]> {
  const streams = recording.channels.map((_, channel) => spikesOf(recording, channel));
  const next = streams.map((stream) => stream.next().value ?? Number.POSITIVE_INFINITY);
  for (;;) {
    let first = 0;
    for (let i = 1; i < next.length; i++) if (next[i] < next[first]) first = i;
    const seconds = next[first] ?? Number.POSITIVE_INFINITY;
    if (seconds === Number.POSITIVE_INFINITY) return;
    yield [seconds, first];
    next[first] = streams[first].next().value ?? Number.POSITIVE_INFINITY;
  }
}

function* spikesOf(recording: Recording, channel: number): Generator<number, undefined> {
  for (const block of recording.readSpikes(channel)) yield* block.slice();
  return undefined;
}
