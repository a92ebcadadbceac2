/**
 * Writes the HDF5 recording layout of the CL SDK 1.0: /spikes, /stims and /samples, /data_stream/<name>, and the
 * clock in root attributes, so that its viewer and analyses open the file. Without PyTables' index groups, which
 * are optional. Everything streams; the file appears under its name only when it is closed.
 * https://docs.corticallabs.com
 */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { type Dataset, File, type Group } from "h5wasm/node";
import { PARTIAL } from "../../files/whole.ts";
import { RecordingError } from "../contract.ts";
import { dataset, guarded, loadHdf5 } from "../hdf5.ts";
import { writeAttribute } from "./attributes.ts";
import { CL1_CHANNELS, CL1_FRAMES_PER_SECOND, CL1_MICROVOLTS_PER_UNIT, CL1_SPIKE_SAMPLES } from "./layout.ts";
import type { PlainDict } from "./pickle.ts";
import { appendRows } from "./rows.ts";
import { DataStreamWriter } from "./streams.ts";
import { createTable, RowBuffer } from "./table.ts";
import { emptySpikesFile, SPIKES_CHUNK_ROWS } from "./template.ts";

export interface Cl1Header {
  /** What the application tells of itself: any plain data. */
  readonly application?: PlainDict;
  /** ISO 8601. Absent: the beginning of 1970, so that equal recordings are equal bytes. */
  readonly createdUtc?: string;
  /** Of the device's clock. The frames handed to the writer count from it. */
  readonly startTimestamp?: number;
}

const SPIKE_BYTES = 9 + 4 * CL1_SPIKE_SAMPLES;
const STIM_BYTES = 9;
const STIMS_CHUNK_ROWS = 4096;
const EPOCH = "1970-01-01T00:00:00.000000+00:00";

export class Cl1Writer {
  private readonly spikes: RowBuffer;
  private readonly stims: RowBuffer;
  private readonly streams = new Map<string, DataStreamWriter>();
  private samples: Dataset | undefined;
  private streamGroup: Group | undefined;
  private readonly partial: string;
  private samplesWritten = 0;
  private readonly lastFrame = { spike: 0, stim: 0 };

  private constructor(
    readonly path: string,
    private readonly file: File,
    private readonly header: Cl1Header,
  ) {
    this.partial = path + PARTIAL;
    this.spikes = new RowBuffer(dataset(file, "spikes")!, SPIKE_BYTES, SPIKES_CHUNK_ROWS);
    const fields = [
      ["timestamp", "<q"],
      ["channel", "<B"],
    ] as const;
    this.stims = new RowBuffer(
      createTable(file, "stims", fields, STIMS_CHUNK_ROWS),
      STIM_BYTES,
      STIMS_CHUNK_ROWS,
    );
  }

  static async create(path: string, header: Cl1Header = {}): Promise<Cl1Writer> {
    await loadHdf5();
    const partial = path + PARTIAL;
    writeFileSync(partial, emptySpikesFile());
    return new Cl1Writer(
      path,
      guarded(`create ${path}`, () => new File(partial, "a")),
      header,
    );
  }

  /**
   * A spike; frames ascend and count from the start. `samples`: 75 values in microvolts, 25 of them before the
   * spike; zeros where there are none.
   */
  spike(frame: number, channel: number, samples?: ArrayLike<number>): void {
    this.check("spike", frame, channel);
    if (samples && samples.length !== CL1_SPIKE_SAMPLES)
      throw new RecordingError(
        `${this.path}: expected ${CL1_SPIKE_SAMPLES} samples of a spike, got ${samples.length}`,
      );
    this.spikes.row((view, at) => {
      view.setBigInt64(at, BigInt(frame), true);
      view.setUint8(at + 8, channel);
      if (samples)
        for (let i = 0; i < CL1_SPIKE_SAMPLES; i++) view.setFloat32(at + 9 + 4 * i, samples[i], true);
    });
  }

  /** A stimulation pulse. The layout has no place for its current: put that into a data stream. */
  stim(frame: number, channel: number): void {
    this.check("stim", frame, channel);
    this.stims.row((view, at) => {
      view.setBigInt64(at, BigInt(frame), true);
      view.setUint8(at + 8, channel);
    });
  }

  /** Raw samples `[frames, 64]` that follow those written before; one unit is 0.195 uV. */
  rawSamples(values: Int16Array): void {
    if (values.length % CL1_CHANNELS !== 0)
      throw new RecordingError(
        `${this.path}: expected samples [frames, ${CL1_CHANNELS}], got ${values.length} values`,
      );
    this.samples ??= guarded("create /samples", () =>
      this.file.create_dataset({
        name: "samples",
        data: [],
        dtype: "<h",
        shape: [0, CL1_CHANNELS],
        maxshape: [null, CL1_CHANNELS],
        chunks: [256, CL1_CHANNELS],
      }),
    );
    const frames = values.length / CL1_CHANNELS;
    appendRows(this.samples, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), frames);
    this.samplesWritten += frames;
  }

  /** The data stream of a name, made when first asked for. */
  dataStream(name: string, attributes: PlainDict = {}): DataStreamWriter {
    let stream = this.streams.get(name);
    if (!stream) {
      this.streamGroup ??= guarded("create /data_stream", () => this.file.create_group("data_stream"));
      stream = new DataStreamWriter(this.streamGroup, name, attributes);
      this.streams.set(name, stream);
    }
    return stream;
  }

  /** Writes the attributes, closes the file and gives it its name. */
  close(durationFrames: number): void {
    const shortest = Math.max(this.samplesWritten, this.lastFrame.spike, this.lastFrame.stim);
    if (!(Number.isSafeInteger(durationFrames) && durationFrames >= shortest))
      throw new RecordingError(
        `${this.path}: expected a duration of at least ${shortest} frames, got ${durationFrames}`,
      );
    for (const part of [this.spikes, this.stims, ...this.streams.values()]) part.flush();
    for (const [name, value] of Object.entries(this.attributes(durationFrames)))
      writeAttribute(this.file, name, value);
    guarded(`close ${this.path}`, () => this.file.close());
    renameSync(this.partial, this.path);
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.file.close();
    rmSync(this.partial, { force: true });
  }

  private attributes(durationFrames: number): Record<string, string | number | PlainDict> {
    const { application = {}, createdUtc = EPOCH, startTimestamp = 0 } = this.header;
    const seconds = durationFrames / CL1_FRAMES_PER_SECOND;
    const ended = new Date(Date.parse(createdUtc) + seconds * 1000).toISOString();
    return {
      application,
      hostname: "wetgrad",
      project_id: "",
      cell_batch_id: "",
      created_localtime: createdUtc,
      created_utc: createdUtc,
      ended_localtime: ended,
      ended_utc: ended,
      git_hash: "",
      git_branch: "",
      git_tags: "",
      git_status: "",
      channel_count: CL1_CHANNELS,
      sampling_frequency: CL1_FRAMES_PER_SECOND,
      frames_per_second: CL1_FRAMES_PER_SECOND,
      uV_per_sample_unit: CL1_MICROVOLTS_PER_UNIT,
      start_timestamp: startTimestamp,
      end_timestamp: startTimestamp + durationFrames,
      duration_frames: durationFrames,
      duration_seconds: seconds,
      file_format: { version: "SDK", stim_and_spike_timestamps_relative_to_start: true },
    };
  }

  private check(kind: "spike" | "stim", frame: number, channel: number): void {
    if (!(Number.isSafeInteger(frame) && frame >= this.lastFrame[kind]))
      throw new RecordingError(
        `${this.path}: expected a ${kind} at or after frame ${this.lastFrame[kind]}, got ${frame}`,
      );
    if (!(Number.isInteger(channel) && channel >= 0 && channel < CL1_CHANNELS))
      throw new RecordingError(
        `${this.path}: expected a channel from 0 to ${CL1_CHANNELS - 1}, got ${channel}`,
      );
    this.lastFrame[kind] = frame;
  }
}
