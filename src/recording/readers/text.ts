/** Spikes in text files, by their headings. */
import { type ReadOptions, RecordingError } from "../contract.ts";
import type { SpikeFile } from "../cultures/spike-file.ts";
import { axionCounts, axionSpikeList, openAxionCounts, openAxionSpikeList } from "./axion.ts";
import { binnedCsv, openBinned } from "./binned.ts";
import { openSpikeList, spikeListLayout } from "./spike-list.ts";

export async function openTextSpikes(path: string, name: string, options: ReadOptions): Promise<SpikeFile> {
  const counts = await axionCounts(path);
  if (counts) return openAxionCounts(path, name, counts);
  const axion = await axionSpikeList(path);
  if (axion) return openAxionSpikeList(path, name, axion);
  const binned = await binnedCsv(path);
  if (binned) return openBinned(path, name, binned);
  const list = await spikeListLayout(path);
  if (list) return openSpikeList(path, name, list, options);
  throw new RecordingError(
    `${path}: holds no spikes in a form known here; expected HDF5 (MEA, NWB, CL1), an Axion export, or rows of time and channel`,
  );
}
