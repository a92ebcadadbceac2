/**
 * Checks an NWB file against the parts of schema 2.7 that wetgrad writes: what each object must have, that ragged
 * indices end where their data ends, that references point at what they claim, that ids are unique. Written from
 * the schema and not from the writer. https://github.com/NeurodataWithoutBorders/nwb-schema/tree/2.7.0/core
 */
import { Dataset, Group, type Reference } from "h5wasm/node";
import { attribute, closeHdf5, guarded, loadHdf5, numbers, openHdf5 } from "../hdf5.ts";

type Dtype = "text" | "float" | "int" | "number" | "reference" | "time";

interface Rule {
  readonly namespace: "core" | "hdmf-common";
  readonly attributes?: readonly string[];
  readonly children?: readonly string[];
  /** What a child that is there must hold; `time` is text in ISO 8601 with a time zone. */
  readonly dtypes?: Readonly<Record<string, Dtype>>;
}

const TABLE = { attributes: ["description", "colnames"], children: ["id"], dtypes: { id: "int" } } as const;
const SERIES = { data: "number", timestamps: "float", starting_time: "float" } as const;

/**
 * Per neurodata_type the required attributes and children (inherited ones spelled out) and the types of datasets:
 * nwb-schema 2.7.0 core (nwb.base, nwb.file, nwb.device, nwb.ecephys, nwb.epoch, nwb.misc) and hdmf-common 1.8.0 (table).
 */
const REQUIRED: Readonly<Record<string, Rule>> = {
  NWBFile: {
    namespace: "core",
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
    dtypes: {
      file_create_date: "time",
      identifier: "text",
      session_description: "text",
      session_start_time: "time",
      timestamps_reference_time: "time",
    },
  },
  Device: { namespace: "core" },
  ElectrodeGroup: { namespace: "core", attributes: ["description", "location"], children: ["device"] },
  Subject: {
    namespace: "core",
    dtypes: { subject_id: "text", description: "text", age: "text", species: "text", sex: "text" },
  },
  ProcessingModule: { namespace: "core", attributes: ["description"] },
  TimeSeries: { namespace: "core", children: ["data"], dtypes: SERIES },
  ElectricalSeries: {
    namespace: "core",
    children: ["data", "electrodes"],
    dtypes: { ...SERIES, electrodes: "int" },
  },
  DynamicTable: { namespace: "hdmf-common", ...TABLE },
  TimeIntervals: {
    namespace: "core",
    ...TABLE,
    children: ["id", "start_time", "stop_time"],
    dtypes: { id: "int", start_time: "float", stop_time: "float" },
  },
  Units: {
    namespace: "core",
    ...TABLE,
    dtypes: { id: "int", spike_times: "float", obs_intervals: "float", electrodes: "int" },
  },
  VectorData: { namespace: "hdmf-common", attributes: ["description"] },
  VectorIndex: { namespace: "hdmf-common", attributes: ["description", "target"] },
  DynamicTableRegion: { namespace: "hdmf-common", attributes: ["description", "table"] },
  ElementIdentifiers: { namespace: "hdmf-common" },
};

/** The columns that the electrodes table must have. */
const ELECTRODES: Readonly<Record<string, Dtype>> = {
  location: "text",
  group: "reference",
  group_name: "text",
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
    for (const [column, dtype] of Object.entries(ELECTRODES)) {
      const data = electrodes instanceof Group ? electrodes.get(column) : null;
      if (!(data instanceof Dataset)) faults.push(`electrodes lack ${column}`);
      else if (!holds(data, dtype)) faults.push(`electrodes/${column} does not hold ${dtype}`);
    }
    const groups = electrodes instanceof Group ? electrodes.get("group") : null;
    if (groups instanceof Dataset)
      for (const target of groups.value as unknown as Reference[]) {
        const group = file.dereference(target);
        if (!(group instanceof Group) || attribute(group, "neurodata_type") !== "ElectrodeGroup")
          faults.push("electrodes/group refers to what is no ElectrodeGroup");
      }
  } finally {
    closeHdf5(file);
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
  if (attribute(object, "namespace") !== rule.namespace) fault(`namespace is not ${rule.namespace}`);
  for (const [name, dtype] of Object.entries(rule.dtypes ?? {})) {
    const child = object instanceof Group ? object.get(name) : null;
    if (child instanceof Dataset && !holds(child, dtype)) fault(`${name} does not hold ${dtype}`);
  }
  const id = String(attribute(object, "object_id"));
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) fault(`object_id ${id} is not a UUID`);
  if (ids.has(id)) fault(`object_id of ${ids.get(id)} again`);
  ids.set(id, object.path);
  if (object instanceof Group) {
    for (const name of rule.children ?? []) if (object.get(name) === null) fault(`no ${name}`);
    if (rule.attributes?.includes("colnames")) checkTable(object, fault);
    if (type === "TimeSeries" || type === "ElectricalSeries") checkSeries(object, fault);
    if (type === "ElectricalSeries") checkElectrical(object, fault);
    const device = type === "ElectrodeGroup" ? object.get("device") : undefined;
    if (device instanceof Group && attribute(device, "neurodata_type") !== "Device")
      fault("device is no Device");
  }
}

function checkTable(table: Group, fault: (text: string) => void): void {
  const colnames = table.attrs["colnames"].value as string[];
  const rows = (table.get("id") as Dataset).shape![0];
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
  const rows = target instanceof Group ? (target.get("id") as Dataset).shape![0] : 0;
  if (numbers(column).some((row) => !(row >= 0 && row < rows)))
    fault(`${column.path} points past the table's ${rows} rows`);
}

function checkSeries(series: Group, fault: (text: string) => void): void {
  const data = series.get("data");
  const timestamps = series.get("timestamps");
  const start = series.get("starting_time");
  if (!(data instanceof Dataset)) return;
  if (attribute(data, "unit") === undefined) fault("data has no unit");
  if (timestamps instanceof Dataset) {
    if (data.shape![0] !== timestamps.shape![0]) fault("data and timestamps differ in length");
    if (attribute(timestamps, "unit") !== "seconds" || attribute(timestamps, "interval") !== 1)
      fault("timestamps need unit seconds and interval 1");
  } else if (!(start instanceof Dataset)) fault("neither timestamps nor starting_time");
  else if (attribute(start, "unit") !== "seconds" || !(Number(attribute(start, "rate")) > 0))
    fault("starting_time needs unit seconds and a rate");
}

function checkElectrical(series: Group, fault: (text: string) => void): void {
  const [data, electrodes] = [series.get("data"), series.get("electrodes")];
  if (!(data instanceof Dataset && electrodes instanceof Dataset)) return;
  if (attribute(data, "unit") !== "volts") fault("data needs unit volts");
  if (data.shape![1] !== electrodes.shape![0])
    fault(`data has ${data.shape![1]} columns, electrodes names ${electrodes.shape![0]}`);
  checkRegion(electrodes, fault);
}

/** HDF5's classes: 0 integer, 1 float, 3 string, 7 reference. */
function holds(data: Dataset, dtype: Dtype): boolean {
  const { type } = data.metadata;
  if (dtype === "number") return type === 0 || type === 1;
  if (dtype === "time") {
    const values = type === 3 ? [data.value].flat() : [];
    return (
      values.length > 0 &&
      values.every((text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(String(text)))
    );
  }
  return type === { int: 0, float: 1, text: 3, reference: 7 }[dtype];
}

function referred(object: Dataset, name: string): string {
  const value = object.attrs[name].value;
  const target = object.dereference((Array.isArray(value) ? value[0] : value) as Reference);
  return target instanceof Group || target instanceof Dataset ? target.path : "nowhere";
}
