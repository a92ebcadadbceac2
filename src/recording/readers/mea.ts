/**
 * The HDF5 layout of Eglen et al. 2014 ("A data repository and analysis framework for spontaneous neural activity
 * recordings in developing retina", GigaScience 3:3, https://doi.org/10.1186/2047-217X-3-3), used for cultures too
 * (Charlesworth et al. 2015; Cotterill et al. 2016): /spikes holds seconds, electrode after electrode; /sCount the
 * number of spikes of each; /epos the positions, x row then y row, in um. Of plates with wells (Cotterill et al. 2016) also
 * /well, /treatment and /dose, a row for each well; their electrodes are named "A1_11".
 */
import type { File } from "h5wasm/node";
import { ascending } from "../blocks.ts";
import { RecordingError, type RecordingMeta } from "../contract.ts";
import type { CultureFacts, FileChannel, SpikeFile } from "../cultures/spike-file.ts";
import { wellsOf } from "../cultures/wells.ts";
import { closeHdf5, dataset, numberAt, numbers, stringAt, strings } from "../hdf5.ts";
import { DatasetWindow } from "../window.ts";

export function isMea(file: File): boolean {
  return dataset(file, "sCount") !== undefined && dataset(file, "spikes") !== undefined;
}

export function openMea(file: File, name: string): SpikeFile {
  const spikes = new DatasetWindow(dataset(file, "spikes")!);
  const counts = numbers(dataset(file, "sCount")!);
  const offsets = [0];
  for (const count of counts) offsets.push(offsets.at(-1)! + count);
  if (offsets.at(-1) !== spikes.length)
    throw new RecordingError(
      `${name}: /sCount adds up to ${offsets.at(-1)} spikes but /spikes holds ${spikes.length}; the file is damaged`,
    );
  const read = (channel: number) => {
    if (!(channel >= 0 && channel < counts.length))
      throw new RecordingError(`${name}: no channel ${channel}; it has ${counts.length}`);
    return ascending(
      spikes.read(offsets[channel], offsets[channel + 1]),
      (detail) => new RecordingError(`${name}: electrode ${channel}: ${detail}`),
    );
  };
  return {
    name,
    source: "mea-hdf5",
    ...recordedSpan(file),
    channels: channelsOf(file, name, counts),
    cultures: plateOf(file),
    meta: metaOf(file),
    readSpikes: read,
    close: () => closeHdf5(file),
  };
}

/** Stated as a span, or as a length alone. */
function recordedSpan(file: File): Pick<SpikeFile, "span" | "endSeconds"> {
  const data = dataset(file, "recordingtime");
  if (data) {
    const [startSeconds, endSeconds] = numbers(data);
    if (startSeconds !== undefined && endSeconds !== undefined && endSeconds > startSeconds)
      return { span: { startSeconds, endSeconds } };
  }
  const endSeconds = numberAt(file, "summary/duration");
  return endSeconds !== undefined && Number.isFinite(endSeconds) ? { endSeconds } : {};
}

/** What each well of a plate was given: /well, /treatment, /dose (with /units), row by row. */
function plateOf(file: File): ReadonlyMap<string, CultureFacts> {
  const [wells, treatments, doses, units] = ["well", "treatment", "dose", "units"].map((name) => {
    const data = dataset(file, name);
    return data ? strings(data) : [];
  });
  return new Map(
    wells.map((well, i) => {
      const [treatment, dose] = [treatments[i], [doses[i], units[i]].filter(Boolean).join(" ")];
      return [well, { meta: { ...(treatment ? { treatment } : {}), ...(dose ? { dose } : {}) } }];
    }),
  );
}

function channelsOf(file: File, name: string, counts: Float64Array): FileChannel[] {
  const n = counts.length;
  const namesData = dataset(file, "names");
  const names = namesData ? strings(namesData) : Array.from(counts, (_, i) => `electrode_${i + 1}`);
  const wells = wellsOf(names);
  const positionData = dataset(file, "epos");
  const positions = positionData ? numbers(positionData) : undefined;
  if (names.length !== n || (positions && positions.length !== 2 * n))
    throw new RecordingError(
      `${name}: ${n} electrodes in /sCount, but ${names.length} names and ${(positions?.length ?? 0) / 2} positions`,
    );
  return names.map((channel, i) => ({
    name: channel,
    spikeCount: counts[i],
    ...(positions ? { xUm: positions[i], yUm: positions[n + i] } : {}),
    ...(wells ? { culture: wells[i], group: wells[i] } : {}),
  }));
}

function metaOf(file: File): RecordingMeta {
  const age = numberAt(file, "meta/age");
  const cultured = dataset(file, "meta/DIV0") !== undefined;
  const text = {
    region: stringAt(file, "meta/region"),
    species: stringAt(file, "meta/species"),
    strain: stringAt(file, "meta/strain"),
    genotype: stringAt(file, "meta/genotype"),
    condition: stringAt(file, "meta/cond"),
    citation: stringAt(file, "meta/key"),
    layout: stringAt(file, "array"),
  };
  return {
    ...(age === undefined ? {} : cultured ? { divDays: age } : { ageDays: age }),
    ...Object.fromEntries(Object.entries(text).filter(([, value]) => value !== undefined)),
  };
}
