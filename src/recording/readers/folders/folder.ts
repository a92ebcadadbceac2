/** Recordings that are folders: of spike sorters, and of the Open Ephys GUI. Opened by the folder, or by a file that stands for it. */
import { statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { type ReadOptions, RecordingError } from "../../contract.ts";
import type { SpikeFile } from "../../cultures/spike-file.ts";
import { openEphysFolders, openEphysSpikes, STRUCTURE } from "./open-ephys.ts";
import { isPhy, openPhy } from "./phy.ts";

/** The folder that `path` is, or that the file there stands for. */
export function recordingFolder(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  const file = basename(path);
  if (file === STRUCTURE) return dirname(path);
  return (file === "params.py" || file === "spike_times.npy") && isPhy(dirname(path))
    ? dirname(path)
    : undefined;
}

/** `path` is the folder, or a file that stands for it. */
export function openFolder(folder: string, path: string, options: ReadOptions): SpikeFile {
  const name = basename(resolve(folder));
  if (isPhy(folder) && basename(path) !== STRUCTURE) return openPhy(folder, name, options);
  const found = openEphysFolders(folder);
  if (found.length === 1) return openEphysSpikes(found[0], name);
  if (found.length > 1)
    throw new RecordingError(
      `${folder}: holds ${found.length} recordings of the Open Ephys GUI: open one, as ${found[0]}`,
    );
  throw new RecordingError(
    `${folder}: expected a recording, got a folder without one (folders read: phy, with spike_times.npy; Open Ephys, with structure.oebin)`,
  );
}
