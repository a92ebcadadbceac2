/**
 * Opens any recording of spikes by its content: the file's first bytes and headings say what it is; its name and
 * extension say nothing.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { openHdf5Spikes } from "./apart/hdf5.ts";
import { isHdf5 } from "./apart/signature.ts";
import {
  type ReadCulture,
  type ReadOptions,
  type Recording,
  RecordingError,
  type RecordingFile,
} from "./contract.ts";
import { cultureNamed, culturesOf } from "./cultures/cultures.ts";
import type { SpikeFile } from "./cultures/spike-file.ts";
import { detectSpikes } from "./detection/detect.ts";
import { openBinarySpikes } from "./readers/binary/binary.ts";
import { isZip, openSpikeInterface } from "./readers/binary/spikeinterface.ts";
import { openFolder, recordingFolder } from "./readers/folders/folder.ts";
import { openTextSpikes } from "./readers/text.ts";
import { holdsSignals, openSignals } from "./signals/open.ts";
import { unknownBinary } from "./unknown.ts";

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
export async function openRecording(path: string, options: ReadCulture = {}): Promise<Recording> {
  const file = await openRecordingFile(path, options);
  try {
    return cultureNamed(file, options.culture);
  } catch (error) {
    file.close();
    throw error;
  }
}

async function openSpikes(path: string, options: ReadOptions): Promise<SpikeFile> {
  const folder = recordingFolder(path);
  const head = folder === undefined ? firstBytes(path) : new Uint8Array();
  if (options.detect !== undefined) return detectSpikes(await openSignals(path), options.detect);
  if (folder !== undefined) return openFolder(folder, path, options);
  const name = basename(path).replace(/(\.(csv|tsv|txt|dat|gdf|raw|h5|hdf5|nwb|spk|nev|nex|npz|gz))+$/i, "");
  if (isHdf5(head)) return inUnits(await openHdf5Spikes(path, name), options);
  const sorting = isZip(head) ? await openSpikeInterface(path, name) : undefined;
  const binary = sorting ?? openBinarySpikes(head, path, name);
  if (binary) return inUnits(binary, options);
  if (await holdsSignals(path)) throw await samplesOnly(path);
  const unknown = unknownBinary(path, head);
  if (unknown) throw unknown;
  return openTextSpikes(path, name, options);
}

/** Signals are opened, so that what is wrong with them is said first. */
async function samplesOnly(path: string): Promise<RecordingError> {
  const signals = await openSignals(path);
  signals.close();
  return new RecordingError(
    `${path}: holds samples (${signals.source}) and no spikes: --detect 5 finds spikes in channels of 2 kHz and more, and \`wetgrad recording describe\` says what else it holds`,
  );
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
  if (stat.size === 0) throw new RecordingError(`${path}: the file is empty`);
  const head = new Uint8Array(512);
  const file = openSync(path, "r");
  try {
    return head.subarray(0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}
