/**
 * HDF5 that the Multi Channel DataManager exports (Multi Channel Systems): spikes as time stamp streams, else the time
 * stamps of cut-out segments. Each stream's table (InfoTimeStamp, InfoSegment) names its entities, their channels and the
 * power of ten that their times (int64) are in.
 * https://mcspydatatools.readthedocs.io/en/latest/api.html, "HDF5 file format"
 */
import type { File, Group } from "h5wasm/node";
import { hasMembers, memberNumbers, memberTexts } from "../compound.ts";
import { type Doubt, RecordingError } from "../contract.ts";
import type { CultureFacts, FileChannel, SpikeFile } from "../cultures/spike-file.ts";
import { attribute, closeHdf5, dataset, group, numbers } from "../hdf5.ts";

const MICRO = -6;

export function isMcs(file: File): boolean {
  return (
    attribute(file, "McsHdf5ProtocolType") !== undefined || group(file, "Data/Recording_0") !== undefined
  );
}

interface Entity {
  readonly channel: Omit<FileChannel, "spikeCount">;
  readonly data: string;
  readonly unitsPerSecond: number;
}

export function mcsHoldsSpikes(file: File): boolean {
  return ["TimeStampStream", "SegmentStream"].some(
    (kind) => [...(group(file, `Data/Recording_0/${kind}`)?.keys() ?? [])].length > 0,
  );
}

export function openMcs(file: File, name: string): SpikeFile {
  const recordings = [...(group(file, "Data")?.keys() ?? [])].filter((key) => /^Recording_\d+$/.test(key));
  const doubts: Doubt[] = [];
  const cultures = new Map<string, CultureFacts>();
  const entities = recordings.flatMap((recording) => {
    const at = group(file, `Data/${recording}`)!;
    const microseconds = Number(attribute(at, "Duration"));
    const culture = recordings.length > 1 ? recording : undefined;
    if (microseconds > 0)
      cultures.set(culture ?? "", { span: { startSeconds: 0, endSeconds: microseconds * 1e-6 } });
    return spikesOf(file, `Data/${recording}`, culture, doubts);
  });
  if (entities.length === 0)
    throw new RecordingError(
      `${name}: a file of the Multi Channel DataManager without spikes (no TimeStampStream, no SegmentStream); --detect 5 finds them in its samples`,
    );
  const read = (index: number) => {
    const { data, unitsPerSecond } = entities[index];
    return numbers(dataset(file, data)!)
      .map((value) => value / unitsPerSecond)
      .sort();
  };
  return {
    name,
    source: "mcs-hdf5",
    channels: entities.map(({ channel, data }) => ({
      ...channel,
      spikeCount: (dataset(file, data)?.shape ?? [0]).reduce((a, b) => a * b, 1),
    })),
    cultures,
    doubts,
    meta: layoutOf(file),
    *readSpikes(index) {
      yield read(index);
    },
    close: () => closeHdf5(file),
  };
}

function layoutOf(file: File): SpikeFile["meta"] & object {
  const data = group(file, "Data");
  const layout = data && String(attribute(data, "MeaName") ?? "").trim();
  return layout ? { layout } : {};
}

/** Of the first stream of spikes; others are named as left out. */
function spikesOf(file: File, recording: string, culture: string | undefined, doubts: Doubt[]): Entity[] {
  for (const [kind, table, data] of [
    ["TimeStampStream", "InfoTimeStamp", (id: number) => `TimeStampEntity_${id}`],
    ["SegmentStream", "InfoSegment", (id: number) => `SegmentData_ts_${id}`],
  ] as const) {
    const streams = [...(group(file, `${recording}/${kind}`)?.keys() ?? [])].map(
      (key) => `${recording}/${kind}/${key}`,
    );
    const spiking = streams.filter((path) => isSpikes(group(file, path)));
    const [chosen, ...others] = spiking.length > 0 ? spiking : streams;
    if (chosen === undefined) continue;
    if (others.length > 0)
      doubts.push({
        kind: "left-out",
        message: `${others.length} more ${kind}s are left out; read is ${chosen}`,
      });
    return entitiesOf(file, { stream: chosen, table, data, culture });
  }
  return [];
}

function isSpikes(stream: Group | undefined): boolean {
  return (
    stream !== undefined && /spike/i.test(`${attribute(stream, "DataSubType")} ${attribute(stream, "Label")}`)
  );
}

interface StreamPlace {
  readonly stream: string;
  readonly table: string;
  readonly data: (id: number) => string;
  readonly culture: string | undefined;
}

function entitiesOf(file: File, { stream, table, data, culture }: StreamPlace): Entity[] {
  const info = dataset(file, `${stream}/${table}`);
  const idName = table === "InfoTimeStamp" ? "TimeStampEntityID" : "SegmentID";
  if (!hasMembers(info, [idName]))
    throw new RecordingError(`${stream}: expected a table ${table} with ${idName}`);
  const optional = (name: string) => (hasMembers(info, [name]) ? memberTexts(info, name) : []);
  const ids = memberNumbers(info, idName);
  const sources = optional("SourceChannelLabels");
  const labels = optional("Label");
  const exponents = optional("Exponent");
  const named = ids.map((id, i) => sources[i] || labels[i] || String(id));
  return ids.flatMap((id, i) => {
    const path = `${stream}/${data(id)}`;
    if (!dataset(file, path)) return [];
    const twice = named.indexOf(named[i]) !== i || named.lastIndexOf(named[i]) !== i;
    // The time stamps of segments are microseconds always; the exponent of their table is that of their samples.
    const exponent = table === "InfoTimeStamp" ? Number(exponents[i] ?? MICRO) : MICRO;
    return [
      {
        channel: { name: twice ? `${named[i]} (${id})` : named[i], ...(culture ? { culture } : {}) },
        data: path,
        unitsPerSecond: 10 ** -exponent,
      },
    ];
  });
}
