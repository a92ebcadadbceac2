/**
 * CL1 recordings (HDF5 written by the Cortical Labs API): a compound table /spikes with the frame and channel of
 * each spike (and its waveform, not read here), and the clock in the file's attributes. Also written without
 * PyTables' index groups, which are optional. https://docs.corticallabs.com
 */
import type { Dataset, File } from "h5wasm/node";
import { SpikeBlocks } from "../blocks.ts";
import { readRows } from "../cl1/rows.ts";
import { RecordingError } from "../contract.ts";
import type { SpikeFile } from "../cultures/spike-file.ts";
import { attribute, closeHdf5, dataset } from "../hdf5.ts";

const ROWS = 4096;

export function isCl1(file: File): boolean {
  const members = dataset(file, "spikes")?.metadata.compound_type?.members.map((member) => member.name);
  return members?.includes("timestamp") === true && members.includes("channel");
}

export function openCl1(file: File, name: string): SpikeFile {
  const framesPerSecond =
    numberAttribute(file, "frames_per_second") ?? numberAttribute(file, "sampling_frequency");
  if (!(framesPerSecond !== undefined && framesPerSecond > 0))
    throw new RecordingError(`${name}: expected the attribute frames_per_second, got ${framesPerSecond}`);
  const startFrame = numberAttribute(file, "start_timestamp") ?? 0;
  const origin = isRelative(file) ? 0 : startFrame;
  const spikes = new SpikeBlocks();
  const channelCount = numberAttribute(file, "channel_count") ?? 0;
  for (let channel = 0; channel < channelCount; channel++) spikes.channel(`ch_${channel}`);
  for (const [frame, channel] of tableRows(dataset(file, "spikes")!))
    spikes.add(`ch_${channel}`, (frame - origin) / framesPerSecond);
  const durationFrames = numberAttribute(file, "duration_frames") ?? 0;
  const startTime = attribute(file, "created_utc");
  return {
    name,
    source: "cl1-hdf5",
    span: { startSeconds: 0, endSeconds: durationFrames / framesPerSecond },
    channels: spikes.finish(),
    meta: { samplingRateHz: framesPerSecond, ...(typeof startTime === "string" ? { startTime } : {}) },
    readSpikes: (channel) => spikes.read(channel),
    close: () => {
      spikes.close();
      closeHdf5(file);
    },
  };
}

/**
 * Whether spike frames count from the recording's start. Said by `file_format`, a dictionary that the API stores as
 * pickle (protocol 0, which is text): the flag's name is followed by its value, `I01` or `I00`.
 */
function isRelative(file: File): boolean {
  const format = attribute(file, "file_format");
  const match = /stim_and_spike_timestamps_relative_to_start[^I]*I0([01])/.exec(String(format));
  if (match) return match[1] === "1";
  return /stim_and_spike_timestamps_relative_to_start"?:\s*true/i.test(String(format));
}

function numberAttribute(file: File, name: string): number | undefined {
  const value = attribute(file, name);
  return value === undefined ? undefined : Number(value);
}

/** Frame and channel of every row, without decoding the waveforms beside them. */
function* tableRows(table: Dataset): Generator<[number, number]> {
  const { size, compound_type } = table.metadata;
  const member = (name: string) => compound_type!.members.find((candidate) => candidate.name === name)!;
  const timestamp = member("timestamp");
  const channel = member("channel");
  if (timestamp.size !== 8 || channel.size > 2)
    throw new RecordingError(
      `/spikes: expected int64 timestamp and uint8 channel, got ${timestamp.size} and ${channel.size} bytes`,
    );
  const rows = table.shape![0];
  for (let from = 0; from < rows; from += ROWS) {
    const count = Math.min(ROWS, rows - from);
    const view = new DataView(readRows(table, from, count, size).buffer);
    for (let i = 0; i < count; i++) {
      const at = i * size + channel.offset;
      yield [
        Number(view.getBigInt64(i * size + timestamp.offset, true)),
        channel.size === 1 ? view.getUint8(at) : view.getUint16(at, true),
      ];
    }
  }
}
