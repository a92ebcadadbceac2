/**
 * A growing TimeSeries. Times that are equally far apart are stored as a beginning and a rate, as NWB's best practices ask
 * for; whether they are is known at the end, so times are written from the first one that is not where it was expected.
 */
import type { Group } from "h5wasm/node";
import { RecordingError } from "../contract.ts";
import { guarded } from "../hdf5.ts";
import { Column } from "./column.ts";
import { typedGroup } from "./object.ts";

/** What a TimeSeries is: `/processing/<module>/<name>`. */
export interface SeriesFacts {
  readonly module: string;
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

const COLUMN = { type: "f64", chunkRows: 512 } as const;

export class SeriesWriter {
  private readonly values: Column;
  private timestamps: Column | undefined;
  private count = 0;
  private first = 0;
  private last = 0;
  private interval: number | undefined;
  private readonly group: Group;

  constructor(
    module: Group,
    private readonly about: SeriesFacts,
    private readonly session: { readonly identifier: string; readonly framesPerSecond: number },
  ) {
    const { name, unit, description } = about;
    this.group = guarded(`create series ${name}`, () =>
      typedGroup(module, name, session.identifier, {
        namespace: "core",
        type: "TimeSeries",
        attributes: { description, comments: "no comments" },
      }),
    );
    this.values = new Column(this.group, "data", COLUMN);
    guarded(`describe series ${name}`, () => {
      const { dataset } = this.values;
      dataset.create_attribute("unit", unit);
      dataset.create_attribute("conversion", 1, [], "<f");
      dataset.create_attribute("offset", 0, [], "<f");
      dataset.create_attribute("resolution", -1, [], "<f");
    });
  }

  /** Values and the frames that they are of, in ascending order. */
  append(data: ArrayLike<number>, frames: ArrayLike<number>, unit: string): void {
    const { name } = this.about;
    if (data.length !== frames.length)
      throw new RecordingError(`NWB series ${name}: ${data.length} values but ${frames.length} frames`);
    if (unit !== this.about.unit)
      throw new RecordingError(
        `NWB series ${name}: expected unit "${this.about.unit}" as before, got "${unit}"`,
      );
    this.values.appendAll(data);
    for (let i = 0; i < frames.length; i++) this.appendTime(frames[i]);
  }

  private appendTime(frame: number): void {
    if (this.count === 0) this.first = frame;
    else {
      this.interval ??= frame - this.last;
      if (frame - this.last !== this.interval && !this.timestamps) this.writeTimes();
    }
    this.timestamps?.append(frame / this.session.framesPerSecond);
    this.last = frame;
    this.count++;
  }

  /** What came before, now that its times have to be written one by one. */
  private writeTimes(): void {
    this.timestamps = guarded(`create times of ${this.about.name}`, () => {
      const column = new Column(this.group, "timestamps", COLUMN);
      column.dataset.create_attribute("interval", 1, [], "<i");
      column.dataset.create_attribute("unit", "seconds");
      return column;
    });
    for (let i = 0; i < this.count; i++)
      this.timestamps.append((this.first + i * (this.interval ?? 0)) / this.session.framesPerSecond);
  }

  /** Once, at the end. */
  close(): void {
    const { interval = 0, first, group, session } = this;
    // One or two times are no rate; and one that repeats has none.
    if (!this.timestamps && (this.count < 3 || interval <= 0)) this.writeTimes();
    this.values.flush();
    this.timestamps?.flush();
    if (this.timestamps) return;
    guarded(`write the rate of ${this.about.name}`, () => {
      const start = group.create_dataset({
        name: "starting_time",
        data: first / session.framesPerSecond,
        shape: [],
        dtype: "<d",
      });
      start.create_attribute("rate", session.framesPerSecond / interval, [], "<d");
      start.create_attribute("unit", "seconds");
    });
  }
}
