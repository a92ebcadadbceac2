/** Spikes in text files, by their headings. */
import type { ReadOptions } from "../contract.ts";
import type { SpikeFile } from "../cultures/spike-file.ts";
import { firstLines } from "../text/lines.ts";
import { unknownText } from "../unknown.ts";
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
  const list = await spikeListLayout(path, options);
  if (list) return openSpikeList(path, name, list, options);
  throw unknownText(path, await firstLines(path, 20));
}
