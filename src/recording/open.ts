/**
 * Opens any recording by its content: the file's first bytes and headings say what it is; its name and extension
 * say nothing.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type Recording, RecordingError } from "./contract.ts";
import { loadHdf5, openHdf5 } from "./hdf5.ts";
import { firstLines } from "./lines.ts";
import { isAxionCounts, isAxionSpikeList, openAxionCounts, openAxionSpikeList } from "./readers/axion.ts";
import { isBinned, openBinned } from "./readers/binned.ts";
import { isCl1, openCl1 } from "./readers/cl1.ts";
import { isMea, openMea } from "./readers/mea.ts";
import { isNwb, openNwb } from "./readers/nwb.ts";
import { openSpikeList, spikeListLayout } from "./readers/spike-list.ts";

const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export async function openRecording(path: string): Promise<Recording> {
  const head = firstBytes(path);
  const name = basename(path).replace(/(\.(csv|tsv|txt|h5|hdf5|nwb|gz))+$/i, "");
  return HDF5_SIGNATURE.every((byte, i) => head[i] === byte)
    ? openHdf5Recording(path, name)
    : openText(path, name);
}

async function openHdf5Recording(path: string, name: string): Promise<Recording> {
  await loadHdf5();
  const file = openHdf5(path);
  try {
    if (isNwb(file)) return openNwb(file, name);
    if (isMea(file)) return openMea(file, name);
    if (isCl1(file)) return openCl1(file, name);
    throw new RecordingError(
      `${path}: an HDF5 file of no layout known here (MEA: /spikes and /sCount; NWB: /units; CL1: a /spikes table)`,
    );
  } catch (error) {
    file.close();
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`${path}: damaged (${(error as Error).message})`, { cause: error });
  }
}

async function openText(path: string, name: string): Promise<Recording> {
  const [header = ""] = await firstLines(path, 1);
  if (isAxionCounts(header)) return openAxionCounts(path, name);
  if (isAxionSpikeList(header)) return openAxionSpikeList(path, name);
  if (isBinned(header)) return openBinned(path, name);
  const layout = await spikeListLayout(path);
  if (layout) return openSpikeList(path, name, layout);
  throw new RecordingError(
    `${path}: holds no spikes in a form known here; expected HDF5 (MEA, NWB, CL1), an Axion export, or rows of time and channel`,
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
