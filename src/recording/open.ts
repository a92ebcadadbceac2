/**
 * Opens any recording by its content: the file's first bytes and headings say what it is; its name and extension
 * say nothing.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { File } from "h5wasm/node";
import { type Recording, RecordingError } from "./contract.ts";
import { loadHdf5, openHdf5 } from "./hdf5.ts";
import { isMea, openMea } from "./readers/mea.ts";
import { isNwb, openNwb } from "./readers/nwb.ts";

const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export async function openRecording(path: string): Promise<Recording> {
  const head = firstBytes(path);
  const name = basename(path).replace(/(\.(csv|txt|h5|hdf5|nwb|gz))+$/i, "");
  if (HDF5_SIGNATURE.every((byte, i) => head[i] === byte)) {
    await loadHdf5();
    const file = openHdf5(path);
    try {
      return openHdf5Recording(file, name, path);
    } catch (error) {
      file.close();
      throw error;
    }
  }
  throw new RecordingError(`${path}: not a recording that wetgrad knows`);
}

function openHdf5Recording(file: File, name: string, path: string): Recording {
  if (isNwb(file)) return openNwb(file, name);
  if (isMea(file)) return openMea(file, name);
  throw new RecordingError(
    `${path}: an HDF5 file, but not of a layout that holds spikes and is known here (MEA /spikes + /sCount, NWB /units, CL1 /spikes table)`,
  );
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
