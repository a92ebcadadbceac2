/**
 * Reads back what `NwbWriter` wrote, row by row: units with their culture and cycle, stimulation pulses, TimeSeries.
 * For spikes of any NWB file as a recording, see open.ts.
 */
import type { Dataset, File, Group } from "h5wasm/node";
import { RecordingError } from "../contract.ts";
import {
  attribute,
  closeHdf5,
  dataset,
  group,
  guarded,
  loadHdf5,
  numbers,
  openHdf5,
  stringAt,
  toNumbers,
} from "../hdf5.ts";
import { DatasetWindow } from "../window.ts";
import { type NwbOrigin, STIMULATION } from "./origin.ts";
import { IRRADIANCE, type NwbPulse, type NwbUnit } from "./writer.ts";

const ROWS = 4096;

export interface NwbSeries {
  readonly module: string;
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly values: Float64Array;
  readonly timestamps: Float64Array;
}

/** A recorded segment and where its rows are. */
export interface NwbSegment extends NwbOrigin {
  readonly firstRow: number;
  rows: number;
  readonly firstSpike: number;
  spikes: number;
  readonly startSeconds: number;
  readonly stopSeconds: number;
}

export class NwbReader {
  private constructor(
    readonly path: string,
    private readonly file: File,
  ) {}

  static async open(path: string): Promise<NwbReader> {
    await loadHdf5();
    const file = openHdf5(path);
    if (!dataset(file, "units/seed") || !group(file, "intervals")) {
      closeHdf5(file);
      throw new RecordingError(`${path}: expected an NWB file of a wetgrad run (units with a seed column)`);
    }
    return new NwbReader(path, file);
  }

  get identifier(): string {
    return stringAt(this.file, "identifier") ?? "";
  }

  /** One row per electrode and recorded segment, in file order. */
  *units(): Generator<NwbUnit & NwbOrigin> {
    const units = this.table("units");
    const spikes = new DatasetWindow(this.column(units, "spike_times"));
    const observed = numbers(this.column(units, "obs_intervals"));
    let start = 0;
    for (const { row, end, channel, ...origin } of this.rows(units, "spike_times_index", "electrodes")) {
      const spikeTimes = new Float64Array(end - start);
      let at = 0;
      for (const block of spikes.read(start, end)) {
        spikeTimes.set(block, at);
        at += block.length;
      }
      start = end;
      yield {
        ...origin,
        channel,
        spikeTimes,
        startSeconds: observed[2 * row],
        stopSeconds: observed[2 * row + 1],
      };
    }
  }

  /** The recorded segments, in file order, without their spikes. */
  segments(): NwbSegment[] {
    const units = this.table("units");
    const observed = numbers(this.column(units, "obs_intervals"));
    const segments: NwbSegment[] = [];
    let previousEnd = 0;
    for (const { row, end, channel: _, ...origin } of this.rows(units, "spike_times_index", "electrodes")) {
      const startSeconds = observed[2 * row];
      const last = segments.at(-1);
      if (last?.startSeconds === startSeconds && isSameOrigin(last, origin)) {
        last.rows++;
        last.spikes = end - last.firstSpike;
      } else
        segments.push({
          ...origin,
          firstRow: row,
          rows: 1,
          firstSpike: previousEnd,
          spikes: end - previousEnd,
          startSeconds,
          stopSeconds: observed[2 * row + 1],
        });
      previousEnd = end;
    }
    return segments;
  }

  /** The spikes of one segment: times (s) and channels, channel by channel. */
  spikesOf({ firstRow, rows, firstSpike, spikes }: NwbSegment): {
    times: Float64Array;
    channels: Uint16Array;
  } {
    const units = this.table("units");
    const ends = numbers(this.column(units, "spike_times_index"), firstRow, firstRow + rows);
    const electrodes = numbers(this.column(units, "electrodes"), firstRow, firstRow + rows);
    const column = this.column(units, "spike_times");
    const times = spikes === 0 ? new Float64Array(0) : numbers(column, firstSpike, firstSpike + spikes);
    const channels = new Uint16Array(spikes);
    let from = 0;
    ends.forEach((end, row) => {
      channels.fill(electrodes[row], from, end - firstSpike);
      from = end - firstSpike;
    });
    return { times, channels };
  }

  /** The pulses of one segment: start (s), channel, and the largest charge of a phase (nC). */
  pulsesOf(segment: NwbSegment): {
    startSeconds: Float64Array;
    channels: Uint16Array;
    chargeNc: Float32Array;
  } {
    const found = this.pulseRows().find((run) => isSameOrigin(run, segment));
    const chargeNc = new Float32Array(found?.rows ?? 0);
    if (!found) return { startSeconds: new Float64Array(0), channels: new Uint16Array(0), chargeNc };
    const { table, firstRow, rows } = found;
    const read = (name: string) => {
      const data = this.column(table, name);
      const range = [[firstRow, firstRow + rows], ...data.shape!.slice(1).map(() => [])] as [
        number,
        number,
      ][];
      return toNumbers(
        guarded(`read ${data.path}`, () => data.slice(range)),
        data.path,
      );
    };
    if (!table.keys().includes("current_ua"))
      return { startSeconds: read("start_time"), channels: Uint16Array.from(read("electrode")), chargeNc };
    const [currents, durations] = [read("current_ua"), read("duration_us")];
    const phases = currents.length / rows;
    for (let i = 0; i < currents.length; i++) {
      const nc = Math.abs(currents[i] * durations[i]) / 1000;
      chargeNc[Math.floor(i / phases)] = Math.max(chargeNc[Math.floor(i / phases)], nc);
    }
    return { startSeconds: read("start_time"), channels: Uint16Array.from(read("electrode")), chargeNc };
  }

  private pulseRuns: (NwbOrigin & { table: Group; firstRow: number; rows: number })[] | null = null;

  /** Runs of pulses of one origin. */
  private pulseRows() {
    if (this.pulseRuns) return this.pulseRuns;
    this.pulseRuns = [];
    for (const table of this.pulseTables())
      for (const { row, end: _, channel: __, ...origin } of this.rows(table, "start_time", "electrode")) {
        const last = this.pulseRuns.at(-1);
        if (last && isSameOrigin(last, origin)) last.rows++;
        else this.pulseRuns.push({ ...origin, table, firstRow: row, rows: 1 });
      }
    return this.pulseRuns;
  }

  private pulseTables(): Group[] {
    const names = group(this.file, "intervals")?.keys() ?? [];
    return names
      .filter((name) => name.startsWith(STIMULATION))
      .map((name) => this.table(`intervals/${name}`));
  }

  /** Every pulse, culture by culture; padding phases left out. */
  *stimulation(): Generator<NwbPulse & NwbOrigin> {
    for (const table of this.pulseTables()) yield* this.pulsesIn(table);
  }

  private *pulsesIn(table: Group): Generator<NwbPulse & NwbOrigin> {
    const isLit = table.keys().includes(IRRADIANCE);
    const currents = this.column(table, isLit ? IRRADIANCE : "current_ua");
    const durations = this.column(table, "duration_us");
    const phases = currents.shape![1];
    let from = 0;
    let block: { currents: Float64Array; durations: Float64Array } = {
      currents: new Float64Array(0),
      durations: new Float64Array(0),
    };
    for (const { row, end, channel, ...origin } of this.rows(table, "start_time", "electrode")) {
      if ((row - from) * phases >= block.currents.length) {
        from = row;
        block = { currents: rowsOf(currents, from), durations: rowsOf(durations, from) };
      }
      const at = (row - from) * phases;
      if (isLit) {
        const light = { irradianceMwPerMm2: block.currents[at], durationUs: block.durations[at] };
        yield { ...origin, channel, startSeconds: end, phases: [], light };
        continue;
      }
      yield {
        ...origin,
        channel,
        startSeconds: end,
        phases: Array.from({ length: phases }, (_, phase) => ({
          currentUa: block.currents[at + phase],
          durationUs: block.durations[at + phase],
        })).filter((phase) => phase.durationUs > 0),
      };
    }
  }

  /** Every TimeSeries, one in memory at a time. */
  *series(): Generator<NwbSeries> {
    for (const module of group(this.file, "processing")?.keys() ?? [])
      for (const name of group(this.file, `processing/${module}`)?.keys() ?? []) {
        const series = this.table(`processing/${module}/${name}`);
        const data = this.column(series, "data");
        yield {
          module,
          name,
          unit: String(attribute(data, "unit") ?? ""),
          description: String(attribute(series, "description") ?? ""),
          values: numbers(data),
          timestamps: this.times(series, data.shape![0]),
        };
      }
  }

  /** One by one, or a beginning and a rate. */
  private times(series: Group, count: number): Float64Array {
    if (dataset(series, "timestamps")) return numbers(this.column(series, "timestamps"));
    const start = this.column(series, "starting_time");
    const rateHz = Number(attribute(start, "rate"));
    const first = numbers(start)[0];
    return Float64Array.from({ length: count }, (_, i) => first + i / rateHz);
  }

  close(): void {
    closeHdf5(this.file);
  }

  /** The origin columns, one number column and the channel, in blocks of rows. */
  private *rows(
    table: Group,
    numberColumn: string,
    channelColumn: string,
  ): Generator<NwbOrigin & { row: number; end: number; channel: number }> {
    const [seed, cycle, channel, value] = ["seed", "cycle", channelColumn, numberColumn].map((name) =>
      this.column(table, name),
    ) as [Dataset, Dataset, Dataset, Dataset];
    const [code, arm, phase] = ["code", "arm", "phase"].map((name) => this.column(table, name)) as [
      Dataset,
      Dataset,
      Dataset,
    ];
    const count = seed.shape![0];
    for (let from = 0; from < count; from += ROWS) {
      const to = Math.min(count, from + ROWS);
      const [seeds, cycles, channels, values] = [seed, cycle, channel, value].map((data) =>
        numbers(data, from, to),
      );
      const [codes, arms, phases] = [code, arm, phase].map((data) => textRows(data, from, to));
      for (let i = 0; i < to - from; i++)
        yield {
          row: from + i,
          end: values![i],
          channel: channels![i],
          seed: seeds![i],
          code: codes![i],
          arm: arms![i],
          cycle: cycles![i],
          phase: phases![i],
        };
    }
  }

  private table(path: string): Group {
    const found = group(this.file, path);
    if (!found) throw new RecordingError(`${this.path}: no ${path}`);
    return found;
  }

  private column(table: Group, name: string): Dataset {
    const found = dataset(table, name);
    if (!found) throw new RecordingError(`${this.path}: ${table.path} has no ${name}`);
    return found;
  }
}

function isSameOrigin(a: NwbOrigin, b: NwbOrigin): boolean {
  return (
    a.seed === b.seed && a.code === b.code && a.arm === b.arm && a.cycle === b.cycle && a.phase === b.phase
  );
}

/** `ROWS` rows of a two-dimensional dataset. */
function rowsOf(data: Dataset, from: number): Float64Array {
  const value = guarded(`read ${data.path}`, () => data.slice([[from, from + ROWS], []]));
  return toNumbers(value, data.path);
}

function textRows(data: Dataset, from: number, to: number): string[] {
  return guarded(`read ${data.path}`, () => data.slice([[from, to]])) as string[];
}
