/**
 * NWB 2 files (HDF5): the units table, in /units or wherever else it stands, each unit a channel; where there is none,
 * spike events (SpikeEventSeries), each series a channel. Units whose times are out of order or padded with NaN are
 * mended, and that is said. Positions and regions come from the electrodes table where the units point there.
 * https://nwb-schema.readthedocs.io/en/latest/
 */
import { type Dataset, type File, Group, Reference } from "h5wasm/node";
import { type Doubt, type Interval, RecordingError, type RecordingMeta } from "../../contract.ts";
import { merged, overlap } from "../../cultures/intervals.ts";
import type { CultureFacts, FileChannel, SpikeFile } from "../../cultures/spike-file.ts";
import { attribute, closeHdf5, dataset, group, guarded, numbers, stringAt, strings } from "../../hdf5.ts";
import { DatasetWindow } from "../../window.ts";
import { readElectrodes } from "./electrodes.ts";
import { groupsOf, typeOf } from "./find.ts";

/** Class of strings among HDF5's types. */
const HDF5_STRING = 3;
const ELSEWHERE = ["processing", "analysis", "scratch", "acquisition"];

export function isNwb(file: File): boolean {
  return attribute(file, "nwb_version") !== undefined || attribute(file, "neurodata_type") === "NWBFile";
}

/** The units table with spike times, if there is one. */
export function unitsOf(file: File): Group | undefined {
  const holdsSpikes = (table: Group) => dataset(table, "spike_times") && endsOf(table);
  const standard = group(file, "units");
  if (standard && holdsSpikes(standard)) return standard;
  for (const found of groupsOf(file, ELSEWHERE))
    if ((typeOf(found) === "Units" || found.path.endsWith("/units")) && holdsSpikes(found)) return found;
  return undefined;
}

/** Where each unit's spikes end. A table of one unit may go without an index. */
function endsOf(table: Group): Float64Array | undefined {
  const index = dataset(table, "spike_times_index");
  if (index) return numbers(index);
  const rows = dataset(table, "id")?.shape?.[0];
  return rows === 1 ? Float64Array.of(dataset(table, "spike_times")?.shape?.[0] ?? 0) : undefined;
}

export function openNwbUnits(file: File, name: string, units: Group): SpikeFile {
  const spikes = new DatasetWindow(dataset(units, "spike_times")!);
  const ends = endsOf(units)!;
  for (let unit = 0; unit < ends.length; unit++)
    if (!(ends[unit] >= (ends[unit - 1] ?? 0) && ends[unit] <= spikes.length))
      throw new RecordingError(
        `${name}: ${units.path}/spike_times_index is not ascending within the ${spikes.length} spikes`,
      );
  const raw = (unit: number) => {
    if (!(unit >= 0 && unit < ends.length))
      throw new RecordingError(`${name}: no unit ${unit}; it has ${ends.length}`);
    return spikes.read(ends[unit - 1] ?? 0, ends[unit]);
  };
  const channels = channelsOf(file, units, ends);
  /** Sound spikes of the units that have to be mended. */
  const mended = new Map<number, number>();
  for (let unit = 0; unit < ends.length; unit++) {
    const { sound, ascending } = examine(raw(unit));
    if (!ascending || sound !== channels[unit].spikeCount) mended.set(unit, sound);
  }
  return {
    name,
    source: "nwb",
    ...observation(file, units),
    ...culturesOf(units, channels),
    channels: channels.map((channel, unit) => ({
      ...channel,
      spikeCount: mended.get(unit) ?? channel.spikeCount,
    })),
    meta: metaOf(file),
    doubts: [...mendedDoubt([...mended.keys()].map((unit) => channels[unit].name)), ...trialDoubt(file)],
    readSpikes: (unit) => {
      const sound = mended.get(unit);
      return sound === undefined ? raw(unit) : sorted(raw(unit), sound);
    },
    close: () => closeHdf5(file),
  };
}

/** Each SpikeEventSeries as a channel; undefined where the file has none. */
export function openNwbEvents(file: File, name: string): SpikeFile | undefined {
  const series = [...groupsOf(file, ELSEWHERE)].flatMap((found) => {
    const times = typeOf(found) === "SpikeEventSeries" ? dataset(found, "timestamps") : undefined;
    return times
      ? [{ label: found.path.split("/").at(-1)!, times, electrodes: dataset(found, "electrodes") }]
      : [];
  });
  if (series.length === 0) return undefined;
  const table = readElectrodes(file);
  const mended: string[] = [];
  const read = (channel: number) => {
    const window = new DatasetWindow(series[channel].times);
    return window.read(0, window.length);
  };
  const examined = series.map(({ label }, channel) => {
    const found = examine(read(channel));
    if (!found.ascending || found.sound !== (series[channel].times.shape?.[0] ?? 0)) mended.push(label);
    return found;
  });
  return {
    name,
    source: "nwb",
    ...observation(file),
    channels: series.map(({ label, electrodes }, channel) => {
      const row = electrodes && numbers(electrodes)[0];
      return { name: label, spikeCount: examined[channel].sound, ...(row === undefined ? {} : table[row]) };
    }),
    meta: metaOf(file),
    doubts: [...mendedDoubt(mended), ...trialDoubt(file)],
    readSpikes: (channel) => sorted(read(channel), examined[channel].sound),
    close: () => closeHdf5(file),
  };
}

/** Of a table with a column that names each unit's culture or well: when each was observed, and what it was given. */
function culturesOf(units: Group, channels: readonly FileChannel[]): Pick<SpikeFile, "cultures"> {
  const names = channels.map(({ culture }) => culture);
  if (names.every((culture) => culture === undefined)) return {};
  const [treatments, doses] = ["treatment", "dose"].map((column) => texts(units, column));
  const observed = dataset(units, "obs_intervals");
  const index = dataset(units, "obs_intervals_index");
  const [all, ends] = [
    observed ? pairs(numbers(observed)) : [],
    index ? numbers(index) : new Float64Array(0),
  ];
  const found = new Map<string, { intervals: Interval[]; meta: RecordingMeta }>();
  names.forEach((culture = "", unit) => {
    let entry = found.get(culture);
    if (!entry) {
      const [treatment, dose] = [treatments[unit], doses[unit]];
      const meta = { ...(treatment ? { treatment } : {}), ...(dose ? { dose } : {}) };
      found.set(culture, (entry = { intervals: [], meta }));
    }
    for (const interval of all.slice(ends[unit - 1] ?? 0, ends[unit] ?? 0)) entry.intervals.push(interval);
  });
  return {
    cultures: new Map(
      [...found].map(([culture, { intervals, meta }]): [string, CultureFacts] => [
        culture,
        { ...observationOf(merged(intervals)), meta },
      ]),
    ),
  };
}

function observationOf(observed: readonly Interval[]): CultureFacts {
  return observed.length > 1 ? { observed } : observed.length === 1 ? { span: observed[0] } : {};
}

/** A column of text; empty where the table has none. */
function texts(table: Group, column: string): string[] {
  const data = dataset(table, column);
  return data && data.metadata.type === HDF5_STRING ? strings(data) : [];
}

function mendedDoubt(names: readonly string[]): Doubt[] {
  if (names.length === 0) return [];
  return [
    {
      kind: "mended",
      message: `times out of order, or that are no numbers, in ${names.slice(0, 12).join(", ")}${names.length > 12 ? ", ..." : ""}: sorted, and those that are no numbers left out`,
    },
  ];
}

/** How many of the times are numbers, and whether those are in order. */
function examine(blocks: Iterable<Float64Array>): { sound: number; ascending: boolean } {
  let [sound, last, ascending] = [0, Number.NEGATIVE_INFINITY, true];
  for (const block of blocks)
    for (const time of block) {
      if (!Number.isFinite(time)) continue;
      if (time < last) ascending = false;
      last = time;
      sound++;
    }
  return { sound, ascending };
}

/** One unit in memory. */
function* sorted(blocks: Iterable<Float64Array>, count: number): Generator<Float64Array> {
  const all = new Float64Array(count);
  let n = 0;
  for (const block of blocks) for (const time of block) if (Number.isFinite(time)) all[n++] = time;
  yield all.sort();
}

/** When the units were observed, else the last end of any interval that the file states; and its trials. */
function observation(file: File, units?: Group): CultureFacts {
  const data = units && dataset(units, "obs_intervals");
  const observed = merged(data ? pairs(numbers(data)) : []);
  const trials = intervalsAt(file, "intervals/trials");
  return {
    ...observationOf(observed),
    ...(observed.length === 0 ? statedEnd(file) : {}),
    ...(trials.length > 0 ? { trials } : {}),
  };
}

function pairs(values: Float64Array): Interval[] {
  return Array.from({ length: Math.floor(values.length / 2) }, (_, i) => ({
    startSeconds: values[2 * i],
    endSeconds: values[2 * i + 1],
  }));
}

function intervalsAt(file: File, path: string): Interval[] {
  const [starts, stops] = [dataset(file, `${path}/start_time`), dataset(file, `${path}/stop_time`)];
  if (!starts || !stops) return [];
  const [from, to] = [numbers(starts), numbers(stops)];
  return Array.from(from, (startSeconds, i) => ({ startSeconds, endSeconds: to[i] ?? Number.NaN }));
}

function trialDoubt(file: File): Doubt[] {
  return overlap(intervalsAt(file, "intervals/trials"))
    ? [{ kind: "overlapping-trials", message: "trials overlap in time" }]
    : [];
}

function statedEnd(file: File): Pick<CultureFacts, "endSeconds"> {
  const ends = [...(group(file, "intervals")?.keys() ?? [])].flatMap((table) =>
    intervalsAt(file, `intervals/${table}`).map(({ endSeconds }) => endSeconds),
  );
  const endSeconds = ends.reduce((latest, end) => (end > latest ? end : latest), Number.NEGATIVE_INFINITY);
  return Number.isFinite(endSeconds) ? { endSeconds } : {};
}

function metaOf(file: File): RecordingMeta {
  const startTime = stringAt(file, "session_start_time");
  const species = stringAt(file, "general/subject/species");
  return { ...(startTime ? { startTime } : {}), ...(species ? { species } : {}) };
}

function channelsOf(file: File, units: Group, ends: Float64Array): FileChannel[] {
  const ids = dataset(units, "id");
  const names = ids ? numbers(ids) : ends.map((_, unit) => unit);
  const groups = groupNames(file, dataset(units, "electrode_group"));
  const electrodes = firstElectrode(units);
  const table = readElectrodes(file);
  const labels = texts(units, "unit_name");
  const wells = ["culture", "well"].map((column) => texts(units, column)).find((column) => column.length > 0);
  return Array.from(ends, (end, unit) => {
    const row = electrodes?.[unit];
    const place = row === undefined ? undefined : table[row];
    const unitGroup = place?.group ?? groups?.[unit];
    return {
      name: labels[unit] || `unit_${names[unit]}`,
      ...(wells?.[unit] ? { culture: wells[unit] } : {}),
      spikeCount: end - (ends[unit - 1] ?? 0),
      ...place,
      ...(unitGroup ? { group: unitGroup } : {}),
    };
  });
}

/** Row of the electrodes table that each unit names first; undefined where it names none. */
function firstElectrode(units: Group): (number | undefined)[] | undefined {
  const data = dataset(units, "electrodes");
  if (!data) return undefined;
  const rows = numbers(data);
  const index = dataset(units, "electrodes_index");
  if (!index) return Array.from(rows);
  const ends = numbers(index);
  return Array.from(ends, (end, unit) =>
    end > (ends[unit - 1] ?? 0) ? rows[ends[unit - 1] ?? 0] : undefined,
  );
}

function groupNames(file: File, references: Dataset | undefined): (string | undefined)[] | undefined {
  if (!references) return undefined;
  const value = guarded(`read ${references.path}`, () => references.value);
  if (!Array.isArray(value)) return undefined;
  return value.map((item) => {
    const target =
      item instanceof Reference ? guarded("follow a reference", () => file.dereference(item)) : null;
    return target instanceof Group ? target.path.split("/").at(-1) : undefined;
  });
}
