/**
 * Opens any recording of spikes by its content: the file's first bytes and headings say what it is; its name and
 * extension say nothing.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type ReadOptions, type Recording, RecordingError, type RecordingFile } from "./contract.ts";
import { cultureNamed, culturesOf } from "./cultures/cultures.ts";
import type { SpikeFile } from "./cultures/spike-file.ts";
import { openHdf5Spikes } from "./readers/hdf5.ts";
import { openTextSpikes } from "./readers/text.ts";

const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** All cultures of a file. Throws `RecordingError`. */
export async function openRecordingFile(path: string, options: ReadOptions = {}): Promise<RecordingFile> {
  const file = await openSpikes(path, options);
  try {
    return culturesOf(file, options);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The only culture of a file, or the one named `culture`. Throws `RecordingError`. */
export async function openRecording(
  path: string,
  options: ReadOptions & { readonly culture?: string } = {},
): Promise<Recording> {
  const file = await openRecordingFile(path, options);
  try {
    return cultureNamed(file, options.culture);
  } catch (error) {
    file.close();
    throw error;
  }
}

async function openSpikes(path: string, options: ReadOptions): Promise<SpikeFile> {
  const head = firstBytes(path);
  const name = basename(path).replace(/(\.(csv|tsv|txt|dat|gdf|h5|hdf5|nwb|gz))+$/i, "");
  return HDF5_SIGNATURE.every((byte, i) => head[i] === byte)
    ? inUnits(await openHdf5Spikes(path, name), options)
    : openTextSpikes(path, name, options);
}

/** With its times taken for another unit than seconds. */
function inUnits(file: SpikeFile, { timeUnit, samplingRateHz }: ReadOptions): SpikeFile {
  const meta = samplingRateHz === undefined ? file.meta : { ...file.meta, samplingRateHz };
  if (timeUnit === undefined || timeUnit === "s") return meta ? { ...file, meta } : file;
  const rate = timeUnit === "samples" ? meta?.samplingRateHz : timeUnit === "ms" ? 1e3 : 1e6;
  if (!rate) throw new RecordingError(`${file.name}: say how many samples a second with --sampling-rate HZ`);
  const { name, source, channels, doubts = [] } = file;
  return {
    name,
    source,
    channels,
    doubts,
    ...(meta ? { meta } : {}),
    *readSpikes(channel) {
      for (const block of file.readSpikes(channel)) yield block.map((time) => time / rate);
    },
    close: () => file.close(),
  };
}

function firstBytes(path: string): Uint8Array {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new RecordingError(`${path}: no such file`);
  if (!stat.isFile()) throw new RecordingError(`${path}: expected a recording, got a folder`);
  if (stat.size === 0) throw new RecordingError(`${path}: the file is empty`);
  const head = new Uint8Array(16);
  const file = openSync(path, "r");
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  return head;
}
