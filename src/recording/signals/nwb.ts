/**
 * Series of numbers in an NWB file (ElectricalSeries and any other TimeSeries with samples at a steady rate), raw ones
 * first: in their unit once conversion and offset are applied. https://nwb-schema.readthedocs.io/en/latest/format.html#timeseries
 */
import { Dataset, type File, type Group } from "h5wasm/node";
import { RecordingError } from "../contract.ts";
import {
  attribute,
  closeHdf5,
  credible,
  dataset,
  guarded,
  numbers,
  stringAt,
  strings,
  toNumbers,
} from "../hdf5.ts";
import { readElectrodes } from "../readers/nwb/electrodes.ts";
import { groupsOf, typeOf } from "../readers/nwb/find.ts";
import type { SignalChannel, SignalRecording } from "./contract.ts";
import { checkedWindow } from "./window.ts";

const PLACES = ["acquisition", "processing", "stimulus/presentation"];
/** Classes of numbers among HDF5's types. */
const NUMBERS: readonly number[] = [0, 1];
/** Samples read in one piece, over all channels. */
const PIECE = 1 << 20;

interface Series {
  readonly label: string;
  readonly group: Group;
  readonly data: Dataset;
  readonly samples: number;
  readonly columns: number;
  readonly rateHz: number;
  readonly startSeconds: number;
  readonly unit: string;
  readonly gain: readonly number[];
  readonly offset: number;
}

export function nwbSeries(file: File): Series[] {
  const found = [...groupsOf(file, PLACES)].flatMap((group) => {
    if (typeOf(group) === "SpikeEventSeries") return [];
    const data = guarded(`look up data of ${group.path}`, () => group.get("data"));
    if (!(data instanceof Dataset) || !NUMBERS.includes(data.metadata.type as number)) return [];
    const shape = credible(data).shape ?? [];
    if (shape.length < 1 || shape.length > 2 || shape[0] === 0) return [];
    const clock = clockOf(group, shape[0]);
    return clock ? [describeSeries(group, data, clock)] : [];
  });
  const electrical = (series: Series) => (typeOf(series.group) === "ElectricalSeries" ? 0 : 1);
  return found.sort((a, b) => electrical(a) - electrical(b));
}

function describeSeries(
  group: Group,
  data: Dataset,
  clock: { rateHz: number; startSeconds: number },
): Series {
  const [samples, columns = 1] = data.shape ?? [0];
  const conversion = Number(attribute(data, "conversion") ?? 1);
  const own = dataset(group, "channel_conversion");
  const factors = own ? numbers(own) : undefined;
  return {
    label: group.path.split("/").at(-1)!,
    group,
    data,
    samples,
    columns,
    ...clock,
    unit: unitOf(String(attribute(data, "unit") ?? "")),
    gain: Array.from({ length: columns }, (_, c) => conversion * (factors?.[c] ?? 1)),
    offset: Number(attribute(data, "offset") ?? 0),
  };
}

function unitOf(unit: string): string {
  return unit.toLowerCase() === "volts" ? "V" : unit;
}

function clockOf(group: Group, samples: number): { rateHz: number; startSeconds: number } | undefined {
  const start = dataset(group, "starting_time");
  if (start) {
    const rateHz = Number(attribute(start, "rate"));
    return rateHz > 0 ? { rateHz, startSeconds: numbers(start)[0] ?? 0 } : undefined;
  }
  const times = dataset(group, "timestamps");
  if (!times || samples < 2 || times.shape?.[0] !== samples) return undefined;
  const first = numbers(times, 0, 1)[0];
  const last = numbers(times, samples - 1, samples)[0];
  return last > first ? { rateHz: (samples - 1) / (last - first), startSeconds: first } : undefined;
}

/** Closing it closes the file. */
export function openNwbSeries(file: File, name: string): SignalRecording {
  const series = nwbSeries(file);
  if (series.length === 0)
    throw new RecordingError(`${name}: an NWB file without series of samples at a steady rate`);
  return recordingOf(file, name, series);
}

function recordingOf(file: File, name: string, series: readonly Series[]): SignalRecording {
  const electrodes = readElectrodes(file);
  const channels = series.flatMap((one) => channelsOf(file, one, { electrodes, several: series.length > 1 }));
  const places = series.flatMap((one) =>
    Array.from({ length: one.columns }, (_, column) => ({ one, column })),
  );
  const origin = Math.min(...series.map(({ startSeconds }) => startSeconds));
  const end = Math.max(...series.map((one) => one.startSeconds + one.samples / one.rateHz));
  const startTime = stringAt(file, "session_start_time");
  return {
    name,
    source: "nwb",
    startSeconds: origin,
    durationSeconds: end - origin,
    channels,
    meta: startTime ? { startTime } : {},
    *events() {},
    read: (start, count, wanted) => {
      const chosen = checkedWindow(name, channels, { start, count, wanted });
      const out = new Float64Array(chosen.length * count);
      for (const one of series) {
        const rows = [...chosen.entries()].filter(([, channel]) => places[channel].one === one);
        if (rows.length === 0) continue;
        const piece = Math.max(1, Math.floor(PIECE / one.columns));
        for (let at = 0; at < count; at += piece) {
          const length = Math.min(piece, count - at);
          const values = rowsOf(one, start + at, length);
          for (const [row, channel] of rows) {
            const { column } = places[channel];
            for (let i = 0; i < length; i++)
              out[row * count + at + i] = values[i * one.columns + column] * one.gain[column] + one.offset;
          }
        }
      }
      return out;
    },
    close: () => closeHdf5(file),
  };
}

function rowsOf({ data }: Series, from: number, count: number): Float64Array {
  const range = [[from, from + count], ...(data.shape ?? []).slice(1).map(() => [])] as [number, number][];
  const value = guarded(`read ${data.path}`, () => data.slice(range));
  return toNumbers(value, data.path);
}

interface Beside {
  readonly electrodes: ReturnType<typeof readElectrodes>;
  readonly several: boolean;
}

function channelsOf(file: File, one: Series, { electrodes, several }: Beside): SignalChannel[] {
  const region = dataset(one.group, "electrodes");
  const rows = region && numbers(region);
  const names = dataset(file, "general/extracellular_ephys/electrodes/channel_name");
  const labels = names ? strings(names) : [];
  return Array.from({ length: one.columns }, (_, column): SignalChannel => {
    const row = rows?.[column];
    const label =
      (row !== undefined && labels[row]) || (one.columns === 1 ? one.label : String(row ?? column));
    return {
      label: several && one.columns > 1 ? `${one.label}: ${label}` : label,
      unit: one.unit,
      rateHz: one.rateHz,
      samples: one.samples,
      ...(row === undefined ? {} : electrodes[row]),
    };
  });
}
