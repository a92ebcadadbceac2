/**
 * Continuous data of the Open Ephys GUI in its binary format: continuous.dat, int16, all channels of a sample together,
 * with each channel's step in microvolts in structure.oebin.
 * https://open-ephys.github.io/gui-docs/User-Manual/Recording-data/Binary-format.html
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RecordingError } from "../contract.ts";
import { NpyFile } from "../npy.ts";
import { openEphysFolders, readStructure } from "../readers/folders/open-ephys.ts";
import { ByteFile } from "./bytes.ts";
import type { SignalChannel, SignalRecording } from "./contract.ts";
import { checkedWindow } from "./window.ts";

interface Stream {
  readonly folder_name?: unknown;
  readonly folder?: unknown;
  readonly sample_rate?: unknown;
  readonly num_channels?: unknown;
  readonly channels?: unknown;
}

/** Whether the folder holds one recording, with samples and no spikes. */
export function isContinuousAlone(folder: string): boolean {
  const found = openEphysFolders(folder);
  if (found.length !== 1) return false;
  const { spikes = [], continuous = [] } = readStructure(found[0]);
  return spikes.length === 0 && continuous.length > 0;
}

/** The first stream of the recording below `folder`. */
export function openEphysSignals(folder: string, name: string): SignalRecording {
  const [recording, ...others] = openEphysFolders(folder);
  if (!recording || others.length > 0)
    throw new RecordingError(
      `${folder}: expected one recording of the Open Ephys GUI, got ${others.length + (recording ? 1 : 0)}`,
    );
  const streams = (readStructure(recording).continuous ?? []) as readonly Stream[];
  const [stream] = streams;
  if (!stream)
    throw new RecordingError(`${folder}: a recording of the Open Ephys GUI without continuous data`);
  const rateHz = Number(stream.sample_rate);
  const described = Array.isArray(stream.channels)
    ? (stream.channels as readonly Record<string, unknown>[])
    : [];
  const count = Number(stream.num_channels ?? described.length);
  if (!(rateHz > 0) || !(Number.isInteger(count) && count >= 1 && count <= 65_536))
    throw new RecordingError(
      `${recording}: expected sample_rate and num_channels, got ${stream.sample_rate} and ${stream.num_channels}`,
    );
  const at = join(recording, "continuous", String(stream.folder_name ?? stream.folder ?? ""));
  const data = new ByteFile(join(at, "continuous.dat"));
  const samples = Math.floor(data.length / (2 * count));
  const channels = Array.from({ length: count }, (_, c): SignalChannel => {
    const { channel_name: label, units } = described[c] ?? {};
    return { label: String(label ?? `CH${c + 1}`), unit: String(units ?? "uV"), rateHz, samples };
  });
  const steps = channels.map((_, c) => Number(described[c]?.["bit_volts"] ?? 1));
  return {
    name,
    source: "open-ephys",
    startSeconds: firstSample(at) / rateHz,
    durationSeconds: samples / rateHz,
    channels,
    meta: {},
    doubts:
      streams.length > 1
        ? [
            {
              kind: "left-out",
              message: `${streams.length - 1} more continuous streams are left out; read is ${at}`,
            },
          ]
        : [],
    *events() {},
    read: (start, length, wanted) => {
      const chosen = checkedWindow(name, channels, { start, count: length, wanted });
      const out = new Float64Array(chosen.length * length);
      for (let i = 0; i < length; i++) {
        const row = data.read(2 * count * (start + i), 2 * count);
        for (const [k, channel] of chosen.entries())
          out[k * length + i] = row.readInt16LE(2 * channel) * steps[channel];
      }
      return out;
    },
    close: () => data.close(),
  };
}

function firstSample(folder: string): number {
  const path = ["sample_numbers.npy", "timestamps.npy"].map((name) => join(folder, name)).find(existsSync);
  if (!path) return 0;
  const file = NpyFile.open(path);
  try {
    return file.blocks().next().value?.[0] ?? 0;
  } finally {
    file.close();
  }
}
