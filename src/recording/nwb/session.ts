/**
 * What an NWB file says of its session, and the fixed part of the file that it becomes: identity, device, electrodes,
 * subject. https://nwb-schema.readthedocs.io/en/latest/format.html (schema 2.7)
 */
import type { File, Group } from "h5wasm/node";
import { guarded } from "../hdf5.ts";
import { stamp, text, typedGroup } from "./object.ts";

/** A simulated culture has no date: its time begins here. */
export const SIMULATED_EPOCH = "2000-01-01T00:00:00+00:00";

export interface NwbElectrode {
  readonly xUm: number;
  readonly yUm: number;
  /** Zone of the array or region of the tissue. */
  readonly location: string;
}

export interface NwbSession {
  /** Unique text; object ids derive from it. */
  readonly identifier: string;
  readonly description: string;
  /** ISO 8601 with time zone. Given by the caller: this room knows no clock. */
  readonly startTime: string;
  /** Defaults to `startTime`. */
  readonly createdTime?: string;
  readonly framesPerSecond: number;
  readonly device: { readonly name: string; readonly description: string; readonly manufacturer?: string };
  readonly electrodes: readonly NwbElectrode[];
  /** Stimulation is light on groups of cells, not current on electrodes. */
  readonly isLit?: boolean;
  readonly subject: {
    readonly id: string;
    readonly description: string;
    /** ISO 8601 duration, "P21D". */
    readonly age?: string;
    readonly species?: string;
    readonly sex?: "M" | "F" | "U" | "O";
  };
  readonly experimentDescription?: string;
  readonly keywords?: readonly string[];
}

/** The groups of the file that grow. */
export interface NwbSkeleton {
  readonly electrodes: Group;
  readonly electrodeGroup: Group;
  readonly intervals: Group;
  readonly processing: Group;
}

/** Writes everything of an NWB 2.7 file that does not grow. */
export function writeSession(file: File, session: NwbSession): NwbSkeleton {
  return guarded("write the NWB session", () => {
    const id = session.identifier;
    stamp(file, id, { namespace: "core", type: "NWBFile", attributes: { nwb_version: "2.7.0" } });
    text(file, "identifier", id);
    text(file, "session_description", session.description);
    text(file, "session_start_time", session.startTime);
    text(file, "timestamps_reference_time", session.startTime);
    file.create_dataset({ name: "file_create_date", data: [session.createdTime ?? session.startTime] });
    file.create_group("acquisition");
    file.create_group("analysis");
    const processing = file.create_group("processing");
    const stimulus = file.create_group("stimulus");
    stimulus.create_group("presentation");
    stimulus.create_group("templates");
    const intervals = file.create_group("intervals");
    const general = file.create_group("general");
    writeGeneral(general, session);
    return { ...writeElectrodes(general, session), intervals, processing };
  });
}

function writeGeneral(general: Group, session: NwbSession): void {
  const { subject, identifier } = session;
  if (session.experimentDescription) text(general, "experiment_description", session.experimentDescription);
  if (session.keywords?.length) general.create_dataset({ name: "keywords", data: [...session.keywords] });
  const about = typedGroup(general, "subject", identifier, { namespace: "core", type: "Subject" });
  text(about, "subject_id", subject.id);
  text(about, "description", subject.description);
  if (subject.age) text(about, "age", subject.age).create_attribute("reference", "birth");
  if (subject.species) text(about, "species", subject.species);
  text(about, "sex", subject.sex ?? "U");
}

function writeElectrodes(general: Group, session: NwbSession): { electrodes: Group; electrodeGroup: Group } {
  const { device, identifier, electrodes } = session;
  const devices = general.create_group("devices");
  const deviceGroup = typedGroup(devices, device.name, identifier, {
    namespace: "core",
    type: "Device",
    attributes: {
      description: device.description,
      ...(device.manufacturer ? { manufacturer: device.manufacturer } : {}),
    },
  });
  const ephys = general.create_group("extracellular_ephys");
  const array = typedGroup(ephys, "array", identifier, {
    namespace: "core",
    type: "ElectrodeGroup",
    attributes: {
      description: "the electrodes of the array",
      location: "array",
    },
  });
  array.create_soft_link(deviceGroup.path, "device");

  const columns = {
    location: {
      description: "zone of the array that the electrode belongs to",
      data: electrodes.map((e) => e.location),
    },
    group: {
      description: "the ElectrodeGroup that the electrode is part of",
      data: electrodes.map(() => array.create_reference()),
    },
    group_name: { description: "the name of the ElectrodeGroup", data: electrodes.map(() => "array") },
    rel_x: {
      description: "x position on the array, in micrometres",
      data: Float32Array.from(electrodes, (e) => e.xUm),
    },
    rel_y: {
      description: "y position on the array, in micrometres",
      data: Float32Array.from(electrodes, (e) => e.yUm),
    },
  };
  const table = typedGroup(ephys, "electrodes", identifier, {
    namespace: "hdmf-common",
    type: "DynamicTable",
    attributes: {
      description: "the electrodes, in channel order",
      colnames: Object.keys(columns),
    },
  });
  const ids = table.create_dataset({
    name: "id",
    data: Int32Array.from(electrodes, (_, channel) => channel),
  });
  stamp(ids, identifier, { namespace: "hdmf-common", type: "ElementIdentifiers" });
  for (const [name, { description, data }] of Object.entries(columns))
    stamp(table.create_dataset({ name, data }), identifier, {
      namespace: "hdmf-common",
      type: "VectorData",
      attributes: { description },
    });
  return { electrodes: table, electrodeGroup: array };
}
