/**
 * Checks an NWB file against the parts of schema 2.7 that wetgrad writes: what each object must have, that ragged
 * indices end where their data ends, that references point at what they claim, that ids are unique. Written from
 * the schema and not from the writer. https://github.com/NeurodataWithoutBorders/nwb-schema/tree/2.7.0/core
 */
import { Dataset, Group, type Reference } from "h5wasm/node";
import { attribute, guarded, loadHdf5, numbers, openHdf5 } from "../hdf5.ts";

/** Required attributes and children per neurodata_type, inherited ones spelled out. */
const REQUIRED: Record<string, { attributes?: string[]; children?: string[] }> = {
  NWBFile: {
    attributes: ["nwb_version"],
    children: [
      "file_create_date",
      "identifier",
      "session_description",
      "session_start_time",
      "timestamps_reference_time",
      "acquisition",
      "analysis",
      "general",
      "processing",
      "stimulus/presentation",
      "stimulus/templates",
    ],
  },
  Device: {},
  ElectrodeGroup: { attributes: ["description", "location"], children: ["device"] },
  Subject: {},
  ProcessingModule: { attributes: ["description"] },
  TimeSeries: { children: ["data", "timestamps"] },
  DynamicTable: { attributes: ["description", "colnames"], children: ["id"] },
  TimeIntervals: { attributes: ["description", "colnames"], children: ["id", "start_time", "stop_time"] },
  Units: { attributes: ["description", "colnames"], children: ["id"] },
  VectorData: { attributes: ["description"] },
  VectorIndex: { attributes: ["description", "target"] },
  DynamicTableRegion: { attributes: ["description", "table"] },
  ElementIdentifiers: {},
};

/** Everything that is wrong with the file, one line each. */
export async function structuralFaults(path: string): Promise<string[]> {
  await loadHdf5();
  const file = openHdf5(path);
  const faults: string[] = [];
  const ids = new Map<string, string>();
  const visit = (object: Group | Dataset): void => {
    const type = attribute(object, "neurodata_type");
    if (typeof type === "string") checkObject(object, type, ids, faults);
    if (object instanceof Group)
      for (const name of object.keys()) {
        if (object.path.endsWith("/array") && name === "device") continue; // a link: visited at its target
        const child = guarded(`open ${name}`, () => object.get(name));
        if (child instanceof Group || child instanceof Dataset) visit(child);
        else faults.push(`${object.path}/${name}: a broken link`);
      }
  };
  try {
    visit(file);
    if (attribute(file, "nwb_version") !== "2.7.0") faults.push("/: nwb_version is not 2.7.0");
    const electrodes = file.get("general/extracellular_ephys/electrodes");
    for (const column of ["location", "group", "group_name"])
      if (!(electrodes instanceof Group) || !electrodes.keys().includes(column))
        faults.push(`electrodes lack ${column}`);
  } finally {
    file.close();
  }
  return faults;
}

function checkObject(
  object: Group | Dataset,
  type: string,
  ids: Map<string, string>,
  faults: string[],
): void {
  const fault = (text: string) => faults.push(`${object.path} (${type}): ${text}`);
  const rule = REQUIRED[type];
  if (!rule) return void fault("not a type of the schema that wetgrad writes");
  for (const name of ["namespace", "object_id", ...(rule.attributes ?? [])])
    if (!(name in object.attrs)) fault(`no attribute ${name}`);
  const id = String(attribute(object, "object_id"));
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) fault(`object_id ${id} is not a UUID`);
  if (ids.has(id)) fault(`object_id of ${ids.get(id)} again`);
  ids.set(id, object.path);
  if (object instanceof Group) {
    for (const name of rule.children ?? []) if (object.get(name) === null) fault(`no ${name}`);
    if (rule.attributes?.includes("colnames")) checkTable(object, fault);
    if (type === "TimeSeries") checkSeries(object, fault);
  }
}

function checkTable(table: Group, fault: (text: string) => void): void {
  const colnames = table.attrs["colnames"]!.value as string[];
  const rows = (table.get("id") as Dataset).shape![0]!;
  for (const name of colnames) {
    const column = table.get(name);
    if (!(column instanceof Dataset)) {
      fault(`no column ${name}`);
      continue;
    }
    const index = table.get(`${name}_index`);
    if (index instanceof Dataset) {
      const ends = numbers(index);
      if (ends.length !== rows) fault(`${name}_index has ${ends.length} rows, id ${rows}`);
      if (ends.some((end, i) => end < (ends[i - 1] ?? 0))) fault(`${name}_index is not ascending`);
      if ((ends.at(-1) ?? 0) !== column.shape![0]) fault(`${name}_index does not end at the end of ${name}`);
      if (referred(index, "target") !== column.path) fault(`${name}_index refers elsewhere`);
    } else if (column.shape![0] !== rows) fault(`${name} has ${column.shape![0]} rows, id ${rows}`);
    if (attribute(column, "neurodata_type") === "DynamicTableRegion") checkRegion(column, fault);
  }
  for (const name of table.keys())
    if (name !== "id" && !colnames.includes(name.replace(/_index$/, "")))
      fault(`column ${name} not in colnames`);
}

function checkRegion(column: Dataset, fault: (text: string) => void): void {
  const target = column.root.get(referred(column, "table"));
  const rows = target instanceof Group ? (target.get("id") as Dataset).shape![0]! : 0;
  if (numbers(column).some((row) => !(row >= 0 && row < rows)))
    fault(`${column.path} points past the table's ${rows} rows`);
}

function checkSeries(series: Group, fault: (text: string) => void): void {
  const data = series.get("data") as Dataset;
  const timestamps = series.get("timestamps") as Dataset;
  if (data.shape![0] !== timestamps.shape![0]) fault("data and timestamps differ in length");
  if (attribute(data, "unit") === undefined) fault("data has no unit");
  if (attribute(timestamps, "unit") !== "seconds" || attribute(timestamps, "interval") !== 1)
    fault("timestamps need unit seconds and interval 1");
}

function referred(object: Dataset, name: string): string {
  const value = object.attrs[name]!.value;
  const target = object.dereference((Array.isArray(value) ? value[0] : value) as Reference);
  return target instanceof Group || target instanceof Dataset ? target.path : "nowhere";
}
