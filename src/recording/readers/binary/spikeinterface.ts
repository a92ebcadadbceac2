/**
 * SpikeInterface's sortings in one .npz file (an archive of .npy files): for each segment the samples of all spikes and
 * their units. Segments follow one another; each is observed from its first spike's segment start to its last spike.
 * https://spikeinterface.readthedocs.io/en/stable/modules/extractors.html (NpzSortingExtractor)
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { SpikeBlocks } from "../../blocks.ts";
import { type Interval, RecordingError } from "../../contract.ts";
import type { SpikeFile } from "../../cultures/spike-file.ts";
import { NpyFile, sideBySide } from "../../npy.ts";
import { temporaryFolder } from "../../temporary.ts";
import { unpack, type ZipEntry, zipEntries } from "../../zip.ts";

const MOST_SEGMENTS = 10_000;

export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
}

/** Undefined where the archive is none of SpikeInterface's. */
export async function openSpikeInterface(path: string, name: string): Promise<SpikeFile | undefined> {
  const entries = new Map(zipEntries(path).map((entry) => [entry.name.replace(/\.npy$/, ""), entry]));
  if (!entries.has("unit_ids") || !entries.has("spike_indexes_seg0")) return undefined;
  const folder = temporaryFolder("npz");
  const spikes = new SpikeBlocks();
  const observed: Interval[] = [];
  try {
    const [rate] = await numbersOf(path, entries.get("sampling_frequency"), folder);
    if (!(rate > 0)) throw new RecordingError(`${path}: expected sampling_frequency, got ${rate}`);
    let start = 0;
    for (let segment = 0; segment < MOST_SEGMENTS; segment++) {
      const files = [`spike_indexes_seg${segment}`, `spike_labels_seg${segment}`].map((key) =>
        entries.get(key),
      );
      const [indexes, labels] = files;
      if (!indexes || !labels) break;
      const opened = [
        await npyOf(path, indexes, folder, "indexes"),
        await npyOf(path, labels, folder, "labels"),
      ];
      let end = start;
      try {
        for (const [frames, units] of sideBySide(opened, path))
          for (let i = 0; i < frames.length; i++) {
            const seconds = start + frames[i] / rate;
            spikes.add(`unit_${units[i]}`, seconds);
            end = Math.max(end, seconds);
          }
      } finally {
        for (const file of opened) file.close();
      }
      observed.push({ startSeconds: start, endSeconds: end });
      start = end + 1 / rate;
    }
    for (const unit of await numbersOf(path, entries.get("unit_ids"), folder)) spikes.channel(`unit_${unit}`);
    return {
      name,
      source: "spikeinterface-npz",
      channels: spikes.finish((unit) => ({ name: unit })),
      ...(observed.length > 1 ? { observed } : {}),
      meta: { samplingRateHz: rate },
      readSpikes: (channel) => spikes.read(channel),
      close: () => spikes.close(),
    };
  } catch (error) {
    spikes.close();
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function npyOf(path: string, entry: ZipEntry, folder: string, name: string): Promise<NpyFile> {
  const target = join(folder, `${name}.npy`);
  await unpack(path, entry, target);
  return NpyFile.open(target);
}

/** A small array; empty where there is none. */
async function numbersOf(path: string, entry: ZipEntry | undefined, folder: string): Promise<number[]> {
  if (!entry) return [];
  const file = await npyOf(path, entry, folder, "small");
  try {
    return [...file.blocks()].flatMap((block) => Array.from(block));
  } finally {
    file.close();
  }
}
