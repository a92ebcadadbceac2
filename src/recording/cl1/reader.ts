/**
 * Reads all of a CL1 recording: spikes with their waveforms, stimulation, raw samples, data streams, attributes.
 * Frames count from the recording's start. For its spikes as any recording's, see open.ts.
 */
import type { Dataset, File } from "h5wasm/node";
import { RecordingError } from "../contract.ts";
import { closeHdf5, dataset, group, loadHdf5, openHdf5 } from "../hdf5.ts";
import { type Attribute, readAttributes } from "./attributes.ts";
import { readRows } from "./rows.ts";
import { type DataStreamReader, openDataStream } from "./streams.ts";

const ROWS = 4096;

/** Rows of /spikes or /stims. */
export interface Cl1Events {
  readonly frames: Float64Array;
  readonly channels: Uint16Array;
}

export interface Cl1Spikes extends Cl1Events {
  /** `[spikes, samplesPerSpike]`, microvolts; empty where the file keeps no waveforms. */
  readonly samples: Float32Array;
}

export class Cl1Reader {
  readonly attributes: Record<string, Attribute>;
  readonly framesPerSecond: number;
  readonly channelCount: number;
  readonly durationFrames: number;
  /** What is taken off the frames in the file. */
  private readonly origin: number;

  private constructor(
    readonly path: string,
    private readonly file: File,
  ) {
    this.attributes = readAttributes(file);
    this.framesPerSecond = this.number("frames_per_second") ?? this.number("sampling_frequency") ?? 0;
    if (!(this.framesPerSecond > 0))
      throw new RecordingError(
        `${path}: expected the attribute frames_per_second, got ${this.framesPerSecond}`,
      );
    this.channelCount = this.number("channel_count") ?? 64;
    this.durationFrames = this.number("duration_frames") ?? 0;
    const format = this.attributes["file_format"];
    const relative =
      typeof format === "object" &&
      format !== null &&
      (format as Record<string, Attribute>)["stim_and_spike_timestamps_relative_to_start"] === true;
    this.origin = relative ? 0 : (this.number("start_timestamp") ?? 0);
  }

  static async open(path: string): Promise<Cl1Reader> {
    await loadHdf5();
    const file = openHdf5(path);
    try {
      if (!dataset(file, "spikes")?.metadata.compound_type)
        throw new RecordingError(`${path}: expected a CL1 recording with a table /spikes`);
      return new Cl1Reader(path, file);
    } catch (error) {
      closeHdf5(file);
      throw error;
    }
  }

  /** In file order, in blocks. */
  *spikes(): Generator<Cl1Spikes> {
    const table = dataset(this.file, "spikes")!;
    const samples = table.metadata.compound_type!.members.find(({ name }) => name === "samples");
    const floats = samples && samples.array_type?.size === 4 ? samples.size / 4 : 0;
    for (const { view, size, count, ...events } of this.rows(table)) {
      const values = new Float32Array(floats * count);
      for (let i = 0; i < values.length; i++) {
        const row = Math.floor(i / floats);
        values[i] = view.getFloat32(row * size + samples!.offset + 4 * (i % floats), true);
      }
      yield { ...events, samples: values };
    }
  }

  *stims(): Generator<Cl1Events> {
    const table = dataset(this.file, "stims");
    if (table) for (const { frames, channels } of this.rows(table)) yield { frames, channels };
  }

  /** Frames of /samples; 0 where the file keeps none. */
  get sampleFrames(): number {
    return dataset(this.file, "samples")?.shape?.[0] ?? 0;
  }

  /** Raw samples `[count, channelCount]` from a frame on. */
  samples(fromFrame: number, count: number): Int16Array {
    const data = dataset(this.file, "samples");
    if (!data || !(fromFrame >= 0 && count >= 0 && fromFrame + count <= this.sampleFrames))
      throw new RecordingError(
        `${this.path}: expected samples within the ${this.sampleFrames} frames kept, got ${fromFrame}..${fromFrame + count}`,
      );
    return new Int16Array(readRows(data, fromFrame, count, 2 * this.channelCount).buffer);
  }

  get streamNames(): string[] {
    return group(this.file, "data_stream")?.keys() ?? [];
  }

  dataStream(name: string): DataStreamReader {
    const path = `data_stream/${name}`;
    const [stream, index, data] = [
      group(this.file, path),
      dataset(this.file, `${path}/index`),
      dataset(this.file, `${path}/data`),
    ];
    if (!stream || !index || !data)
      throw new RecordingError(
        `${this.path}: no data stream ${name}; it has ${this.streamNames.join(", ") || "none"}`,
      );
    return openDataStream(stream, index, data, this.origin);
  }

  close(): void {
    closeHdf5(this.file);
  }

  private *rows(table: Dataset): Generator<Cl1Events & { view: DataView; size: number; count: number }> {
    const { size, compound_type } = table.metadata;
    const timestamp = compound_type?.members.find(({ name }) => name === "timestamp");
    const channel = compound_type?.members.find(({ name }) => name === "channel");
    if (timestamp?.size !== 8 || !channel || channel.size > 2)
      throw new RecordingError(`${this.path}: expected int64 timestamp and uint8 channel in ${table.path}`);
    const rows = table.shape![0];
    for (let from = 0; from < rows; from += ROWS) {
      const count = Math.min(ROWS, rows - from);
      const view = new DataView(readRows(table, from, count, size).buffer);
      const frames = new Float64Array(count);
      const channels = new Uint16Array(count);
      for (let i = 0; i < count; i++) {
        frames[i] = Number(view.getBigInt64(i * size + timestamp.offset, true)) - this.origin;
        const at = i * size + channel.offset;
        channels[i] = channel.size === 1 ? view.getUint8(at) : view.getUint16(at, true);
      }
      yield { view, size, count, frames, channels };
    }
  }

  private number(name: string): number | undefined {
    const value = this.attributes[name];
    return typeof value === "number" ? value : undefined;
  }
}
