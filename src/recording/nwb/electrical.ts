/**
 * Raw samples of an array as an NWB ElectricalSeries, int16, chunk after whole chunk, uncompressed so that writing
 * keeps up. What was not recorded is zero in the data and named in `/intervals/invalid_times`.
 * https://nwb-schema.readthedocs.io/en/latest/format.html#electricalseries
 */
import { File, type Group } from "h5wasm/node";
import { RecordingError } from "../contract.ts";
import { guarded, loadHdf5 } from "../hdf5.ts";
import { Column } from "./column.ts";
import { reference, stamp, typedGroup } from "./object.ts";
import { type NwbSession, writeSession } from "./session.ts";
import { DynamicTable } from "./table.ts";

/** Samples of all electrodes in one chunk: 0.16 s at 25 kHz, 512 KiB of 64 electrodes. */
const CHUNK_ROWS = 4096;

export interface RawFormat {
  readonly session: NwbSession;
  /** Volts of one step of the converter. */
  readonly voltsPerStep: number;
}

export class ElectricalWriter {
  private readonly data: Column;
  private readonly invalid: DynamicTable;
  readonly channels: number;

  private constructor(
    private readonly path: string,
    private readonly file: File,
    private readonly format: RawFormat,
  ) {
    const { session, voltsPerStep } = format;
    const id = session.identifier;
    const skeleton = writeSession(file, session);
    this.channels = session.electrodes.length;
    const group = guarded("create the series", () =>
      typedGroup(file.get("acquisition") as Group, "ElectricalSeries", id, {
        namespace: "core",
        type: "ElectricalSeries",
        attributes: {
          description: "raw samples of every electrode",
          comments: "no comments",
        },
      }),
    );
    this.data = new Column(group, "data", {
      type: "i16",
      width: this.channels,
      chunkRows: CHUNK_ROWS,
      compress: false,
    });
    guarded("describe the series", () => {
      const { dataset } = this.data;
      dataset.create_attribute("unit", "volts");
      dataset.create_attribute("conversion", voltsPerStep, [], "<f");
      dataset.create_attribute("offset", 0, [], "<f");
      dataset.create_attribute("resolution", voltsPerStep, [], "<f");
      const start = group.create_dataset({ name: "starting_time", data: 0, shape: [], dtype: "<d" });
      start.create_attribute("rate", session.framesPerSecond, [], "<f");
      start.create_attribute("unit", "seconds");
      const electrodes = group.create_dataset({
        name: "electrodes",
        data: Int32Array.from({ length: this.channels }, (_, channel) => channel),
      });
      stamp(electrodes, id, {
        namespace: "hdmf-common",
        type: "DynamicTableRegion",
        attributes: {
          description: "all electrodes, in channel order",
        },
      });
      reference(electrodes, "table", skeleton.electrodes);
    });
    this.invalid = new DynamicTable(skeleton.intervals, id, {
      name: "invalid_times",
      namespace: "core",
      type: "TimeIntervals",
      description: "samples that were lost before they could be written",
      columns: [
        { name: "start_time", description: "start of the gap in seconds", type: "f64" },
        { name: "stop_time", description: "end of the gap in seconds", type: "f64" },
      ],
      chunkRows: 256,
    });
  }

  static async create(path: string, format: RawFormat): Promise<ElectricalWriter> {
    await loadHdf5();
    const file = guarded(`create ${path}`, () => new File(path, "w"));
    return new ElectricalWriter(path, file, format);
  }

  /** Frames written, gaps included. */
  get frames(): number {
    return this.data.rows;
  }

  /** Appends samples `[frames, channels]` that begin at `frame`; what lies between them and the last is a gap. */
  append(frame: number, samples: Int16Array): void {
    const missing = frame - this.frames;
    if (!(missing >= 0) || samples.length % this.channels !== 0)
      throw new RecordingError(
        `NWB raw samples: expected whole frames from ${this.frames} on, got ${samples.length} values at ${frame}`,
      );
    if (missing > 0) this.gap(missing);
    this.data.appendBlock(samples);
  }

  /** Writes what is pending and closes the file. `frames`: where the recording ended, if its end was lost. */
  close(frames = this.frames): void {
    if (frames > this.frames) this.gap(frames - this.frames);
    this.data.flush();
    this.invalid.flush();
    guarded(`close ${this.path}`, () => this.file.close());
  }

  private gap(missing: number): void {
    const { framesPerSecond } = this.format.session;
    this.invalid.append([this.frames / framesPerSecond, (this.frames + missing) / framesPerSecond]);
    for (let left = missing; left > 0; left -= CHUNK_ROWS)
      this.data.appendBlock(new Int16Array(Math.min(left, CHUNK_ROWS) * this.channels));
  }
}
