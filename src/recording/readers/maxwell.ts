/**
 * MaxWell Biosystems HDF5 (MaxOne and MaxTwo, MaxLab Live): spikes as a table of frame and channel, and the mapping of
 * channels to electrodes, for each well and recording: /wells/well000/rec0000, or /data_store/data0000 with its well_id; in
 * files of the first version /proc0/spikeTimes, /mapping. Frames are those of the instrument's clock, which began before.
 * Layout as in https://github.com/NeuralEnsemble/python-neo (neo.rawio.maxwellrawio, its docstring).
 */
import type { File, Group } from "h5wasm/node";
import { SpikeBlocks } from "../blocks.ts";
import { hasMembers, memberBlocks, memberNumbers } from "../compound.ts";
import { type Interval, RecordingError } from "../contract.ts";
import { merged } from "../cultures/intervals.ts";
import type { CultureFacts, FileChannel, SpikeFile } from "../cultures/spike-file.ts";
import { closeHdf5, dataset, group, numberAt } from "../hdf5.ts";

/** Frames a second of the first version, which does not say. */
const FIRST_RATE_HZ = 20_000;

interface Part {
  readonly well: string | undefined;
  readonly at: Group | File;
  readonly spikes: string;
  readonly mapping: string;
}

export function isMaxWell(file: File): boolean {
  return partsOf(file).length > 0;
}

function partsOf(file: File): Part[] {
  const wells = group(file, "wells");
  const inWells = [...(wells?.keys() ?? [])].flatMap((well) =>
    [...(group(file, `wells/${well}`)?.keys() ?? [])].flatMap((rec) =>
      part(file, `wells/${well}/${rec}`, well),
    ),
  );
  if (inWells.length > 0) return inWells;
  const store = group(file, "data_store");
  const stored = [...(store?.keys() ?? [])].flatMap((name) => {
    const well = numberAt(file, `data_store/${name}/well_id`);
    return part(
      file,
      `data_store/${name}`,
      well === undefined ? undefined : `well${String(well).padStart(3, "0")}`,
    );
  });
  if (stored.length > 0) return stored;
  return hasMembers(dataset(file, "proc0/spikeTimes"), ["frameno", "channel"])
    ? [{ well: undefined, at: file, spikes: "proc0/spikeTimes", mapping: "mapping" }]
    : [];
}

function part(file: File, path: string, well: string | undefined): Part[] {
  const at = group(file, path);
  if (!at || !group(at, "settings")) return [];
  return [{ well, at, spikes: "spikes", mapping: "settings/mapping" }];
}

export function openMaxWell(file: File, name: string): SpikeFile {
  const blocks = new SpikeBlocks();
  const about = new Map<string, Omit<FileChannel, "spikeCount">>();
  const observed = new Map<string, Interval[]>();
  let samplingRateHz = FIRST_RATE_HZ;
  try {
    for (const { well, at, spikes, mapping } of partsOf(file)) {
      const rate = numberAt(at, "settings/sampling") ?? FIRST_RATE_HZ;
      if (!(rate > 0)) throw new RecordingError(`${name}: expected a sampling rate above 0, got ${rate}`);
      samplingRateHz = rate;
      const keyOf = (channel: number) => `${well ?? ""}\0${channel}`;
      for (const place of mappingOf(at, mapping)) {
        const { channel, xUm, yUm } = place;
        about.set(keyOf(channel), {
          name: String(channel),
          xUm,
          yUm,
          ...(well ? { culture: well, group: well } : {}),
        });
        blocks.channel(keyOf(channel));
      }
      let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      const table = dataset(at, spikes);
      for (const [frames, channels] of hasMembers(table, ["frameno", "channel"])
        ? memberBlocks(table, ["frameno", "channel"])
        : [])
        for (let i = 0; i < frames.length; i++) {
          if (channels[i] < 0) continue; // not routed to an electrode
          const key = keyOf(channels[i]);
          if (!about.has(key))
            about.set(key, { name: String(channels[i]), ...(well ? { culture: well, group: well } : {}) });
          const seconds = frames[i] / rate;
          blocks.add(key, seconds);
          first = Math.min(first, seconds);
          last = Math.max(last, seconds);
        }
      const span = spanOf(at, first, last);
      if (span) observed.set(well ?? "", [...(observed.get(well ?? "") ?? []), span]);
    }
  } catch (error) {
    blocks.close();
    throw error;
  }
  return {
    name,
    source: "maxwell-hdf5",
    channels: blocks.finish((key) => about.get(key) ?? {}),
    cultures: new Map(
      [...observed].map(([well, found]): [string, CultureFacts] => [well, factsOf(merged(found))]),
    ),
    // Of wells without spikes no frame is known: they are taken to be as long as the others.
    ...spanOfAll([...observed.values()].flat()),
    meta: { samplingRateHz },
    readSpikes: (channel) => blocks.read(channel),
    close: () => {
      blocks.close();
      closeHdf5(file);
    },
  };
}

function spanOfAll(all: readonly Interval[]): Pick<SpikeFile, "span"> {
  const parts = merged(all);
  if (parts.length === 0) return {};
  return { span: { startSeconds: parts[0].startSeconds, endSeconds: parts.at(-1)!.endSeconds } };
}

function factsOf(found: readonly Interval[]): CultureFacts {
  return found.length > 1 ? { observed: found } : found.length === 1 ? { span: found[0] } : {};
}

function mappingOf(at: Group | File, path: string): { channel: number; xUm: number; yUm: number }[] {
  const table = dataset(at, path);
  if (!hasMembers(table, ["channel", "x", "y"])) return [];
  const [xs, ys] = [memberNumbers(table, "x"), memberNumbers(table, "y")];
  return memberNumbers(table, "channel").flatMap((channel, i) =>
    channel < 0 ? [] : [{ channel, xUm: xs[i], yUm: ys[i] }],
  );
}

/** From the first frame (of the samples, else of the spikes) for as long as the recording lasted by the wall clock (ms). */
function spanOf(at: Group | File, first: number, last: number): Interval | undefined {
  if (!Number.isFinite(first)) return undefined;
  const [start, stop] = [numberAt(at, "start_time"), numberAt(at, "stop_time")];
  const seconds = start !== undefined && stop !== undefined && stop > start ? (stop - start) / 1000 : 0;
  // The wall clock has whole milliseconds at best, and is read outside the recording: spikes decide.
  return { startSeconds: first, endSeconds: Math.max(last, first + seconds) };
}
