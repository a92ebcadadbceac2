/**
 * Spikes of the Open Ephys GUI in its binary format: a folder with structure.oebin (JSON), and for each spike stream a
 * folder of .npy files; versions 0.5 and 0.6 name them differently.
 * https://open-ephys.github.io/gui-docs/User-Manual/Recording-data/Binary-format.html
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SpikeBlocks } from "../../blocks.ts";
import { RecordingError } from "../../contract.ts";
import type { SpikeFile } from "../../cultures/spike-file.ts";
import { NpyFile, sideBySide } from "../../npy.ts";

export const STRUCTURE = "structure.oebin";
const MOST_TEXT = 1 << 26;
const DEEPEST = 5;

/** Every folder below that holds a recording: experiment1/recording1 and so on. */
export function openEphysFolders(folder: string, depth = 0): string[] {
  if (existsSync(join(folder, STRUCTURE))) return [folder];
  if (depth === DEEPEST) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .slice(0, 100)
    .flatMap((entry) => openEphysFolders(join(folder, entry.name), depth + 1));
}

interface Structure {
  readonly spikes?: readonly {
    readonly folder?: unknown;
    readonly folder_name?: unknown;
    readonly sample_rate?: unknown;
    readonly stream_name?: unknown;
  }[];
  readonly continuous?: readonly unknown[];
}

export function readStructure(folder: string): Structure {
  const path = join(folder, STRUCTURE);
  try {
    if (statSync(path).size > MOST_TEXT) throw new Error("too large");
    const found = JSON.parse(readFileSync(path, "utf8")) as unknown;
    if (typeof found !== "object" || found === null) throw new Error("not an object");
    return found;
  } catch (error) {
    throw new RecordingError(
      `${path}: expected the JSON of the Open Ephys GUI (${(error as Error).message})`,
    );
  }
}

export function openEphysSpikes(folder: string, name: string): SpikeFile {
  const streams = readStructure(folder).spikes;
  if (!Array.isArray(streams) || streams.length === 0)
    throw new RecordingError(
      `${folder}: a recording of the Open Ephys GUI without spikes; --detect 5 finds them in its samples`,
    );
  const spikes = new SpikeBlocks();
  const about = new Map<string, string>();
  let samplingRateHz = 0;
  try {
    for (const stream of streams as NonNullable<Structure["spikes"]>) {
      const rate = Number(stream.sample_rate);
      if (!(rate > 0))
        throw new RecordingError(
          `${folder}: expected a sample_rate of its spikes, got ${stream.sample_rate}`,
        );
      samplingRateHz = rate;
      const at = String(stream.folder ?? stream.folder_name ?? "").replace(/\/+$/, "");
      readStream(join(folder, "spikes", at), rate, (electrode, cluster, seconds) => {
        const label = cluster === 0 ? String(electrode) : `${electrode}_${cluster}`;
        const key = streams.length > 1 ? `${at}\0${label}` : label;
        if (!about.has(key)) about.set(key, label);
        spikes.add(key, seconds);
      });
    }
  } catch (error) {
    spikes.close();
    throw error;
  }
  return {
    name,
    source: "open-ephys",
    channels: spikes.finish((key) => ({
      name: about.get(key) ?? key,
      ...(key.includes("\0") ? { group: key.split("\0")[0] } : {}),
    })),
    // The clock is that of the acquisition, which began before the recording.
    ...(spikes.size > 0 ? { startSeconds: spikes.firstSeconds } : {}),
    meta: { samplingRateHz },
    readSpikes: (channel) => spikes.read(channel),
    close: () => spikes.close(),
  };
}

/** `sample_numbers.npy` and so on (0.6), or `spike_times.npy` and so on (0.5). */
function readStream(
  folder: string,
  rate: number,
  take: (electrode: number, cluster: number, seconds: number) => void,
) {
  const first = (...names: string[]) => {
    const found = names.map((file) => join(folder, file)).find(existsSync);
    if (!found) throw new RecordingError(`${folder}: expected ${names.join(" or ")}`);
    return found;
  };
  const opened: NpyFile[] = [];
  try {
    for (const path of [
      first("sample_numbers.npy", "spike_times.npy"),
      first("electrode_indices.npy", "spike_electrode_indices.npy"),
      first("clusters.npy", "spike_clusters.npy"),
    ])
      opened.push(NpyFile.open(path));
    for (const [samples, electrodes, clusters] of sideBySide(opened, folder))
      for (let i = 0; i < samples.length; i++) take(electrodes[i], clusters[i], samples[i] / rate);
  } finally {
    for (const file of opened) file.close();
  }
}
