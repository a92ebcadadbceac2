/**
 * NWB 2 files (HDF5) with a /units table: each unit is a channel. Positions and regions come from the electrodes
 * table where the units point there. https://nwb-schema.readthedocs.io/en/latest/
 */
import { Dataset, type File, Group, Reference } from "h5wasm/node";
import { type Recording, type RecordingChannel, RecordingError } from "../contract.ts";
import { attribute, dataset, group, guarded, numbers, stringAt, strings } from "../hdf5.ts";
import { ascending, DatasetWindow } from "../window.ts";

export function isNwb(file: File): boolean {
  return attribute(file, "nwb_version") !== undefined || attribute(file, "neurodata_type") === "NWBFile";
}

export function openNwb(file: File, name: string): Recording {
  const version = attribute(file, "nwb_version") ?? "of unknown version";
  const units = group(file, "units");
  const timesData = units && dataset(units, "spike_times");
  const indexData = units && dataset(units, "spike_times_index");
  if (!timesData || !indexData)
    throw new RecordingError(
      `${name}: an NWB ${version} file without spikes (no /units table with spike_times)`,
    );
  const spikes = new DatasetWindow(timesData);
  const ends = numbers(indexData);
  for (let unit = 0; unit < ends.length; unit++)
    if (!(ends[unit] >= (ends[unit - 1] ?? 0) && ends[unit] <= spikes.length))
      throw new RecordingError(
        `${name}: /units/spike_times_index is not ascending within the ${spikes.length} spikes`,
      );
  const read = (channel: number) => {
    if (!(channel >= 0 && channel < ends.length))
      throw new RecordingError(`${name}: no unit ${channel}; it has ${ends.length}`);
    return ascending(
      spikes.read(ends[channel - 1] ?? 0, ends[channel]),
      0,
      (detail) => new RecordingError(`${name}: unit ${channel}: ${detail}`),
    );
  };
  let durationSeconds = lastInterval(file);
  for (let unit = 0; unit < ends.length; unit++)
    for (const block of read(unit)) durationSeconds = Math.max(durationSeconds, block.at(-1)!);
  const startTime = stringAt(file, "session_start_time");
  const species = stringAt(file, "general/subject/species");
  return {
    name,
    source: "nwb",
    durationSeconds,
    channels: channelsOf(file, units, ends),
    meta: { ...(startTime ? { startTime } : {}), ...(species ? { species } : {}) },
    readSpikes: read,
    close: () => void file.close(),
  };
}

/** The latest end of any interval or observation that the file states. */
function lastInterval(file: File): number {
  const found = [dataset(file, "units/obs_intervals")];
  for (const table of group(file, "intervals")?.keys() ?? [])
    found.push(dataset(file, `intervals/${table}/stop_time`));
  return found
    .flatMap((data) => (data ? [numbers(data)] : []))
    .reduce((latest, stops) => stops.reduce((a, b) => Math.max(a, b), latest), 0);
}

function channelsOf(file: File, units: Group, ends: Float64Array): RecordingChannel[] {
  const ids = dataset(units, "id");
  const names = ids ? numbers(ids) : ends.map((_, unit) => unit);
  const groups = groupNames(file, dataset(units, "electrode_group"));
  const electrodes = firstElectrode(units);
  const table = readElectrodes(file);
  return Array.from(ends, (end, unit) => {
    const row = electrodes?.[unit];
    const place = row === undefined ? undefined : table[row];
    const unitGroup = place?.group ?? groups?.[unit];
    return {
      name: `unit_${names[unit]}`,
      spikeCount: end - (ends[unit - 1] ?? 0),
      ...(place && Number.isFinite(place.xUm) && Number.isFinite(place.yUm)
        ? { xUm: place.xUm, yUm: place.yUm }
        : {}),
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

function readElectrodes(file: File): { xUm: number; yUm: number; group: string | undefined }[] {
  const table = group(file, "general/extracellular_ephys/electrodes");
  if (!table) return [];
  const x = dataset(table, "rel_x") ?? dataset(table, "x");
  const y = dataset(table, "rel_y") ?? dataset(table, "y");
  const xs = x && numbers(x);
  const ys = y && numbers(y);
  const location = dataset(table, "location");
  const locations = location && strings(location);
  const groupName = dataset(table, "group_name");
  const groupNamesOf = groupName && strings(groupName);
  const rows = table.get("id");
  const length = rows instanceof Dataset ? rows.shape![0] : (xs?.length ?? 0);
  return Array.from({ length }, (_, row) => ({
    xUm: xs?.[row] ?? Number.NaN,
    yUm: ys?.[row] ?? Number.NaN,
    group: known(locations?.[row]) ?? known(groupNamesOf?.[row]),
  }));
}

function known(label: string | undefined): string | undefined {
  return label && label.toLowerCase() !== "unknown" ? label : undefined;
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
