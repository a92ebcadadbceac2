/**
 * The HDF5 layout of Eglen et al. 2014 ("A data repository and analysis framework for spontaneous neural activity
 * recordings in developing retina", GigaScience 3:3, https://doi.org/10.1186/2047-217X-3-3), used for cultures too
 * (Charlesworth et al. 2015; Cotterill et al. 2016): /spikes holds seconds, electrode after electrode; /sCount the
 * number of spikes of each; /epos the positions, x row then y row, in um.
 */
import type { File } from "h5wasm/node";
import { type Recording, type RecordingChannel, RecordingError } from "../contract.ts";
import { dataset, numberAt, numbers, stringAt, strings } from "../hdf5.ts";
import { ascending, DatasetWindow } from "../window.ts";

export function isMea(file: File): boolean {
  return dataset(file, "sCount") !== undefined && dataset(file, "spikes") !== undefined;
}

export function openMea(file: File, name: string): Recording {
  const spikes = new DatasetWindow(dataset(file, "spikes")!);
  const counts = numbers(dataset(file, "sCount")!);
  const offsets = [0];
  for (const count of counts) offsets.push(offsets.at(-1)! + count);
  if (offsets.at(-1) !== spikes.length)
    throw new RecordingError(
      `${name}: /sCount adds up to ${offsets.at(-1)} spikes but /spikes holds ${spikes.length}; the file is damaged`,
    );
  const [startSeconds, stopSeconds] = recordedSpan(file);
  const complain = (detail: string) => new RecordingError(`${name}: ${detail}`);
  const read = (channel: number) => {
    if (!(channel >= 0 && channel < counts.length))
      throw new RecordingError(`${name}: no channel ${channel}; it has ${counts.length}`);
    return ascending(spikes.read(offsets[channel], offsets[channel + 1]), startSeconds, (detail) =>
      complain(`electrode ${channel}: ${detail}`),
    );
  };
  // The stated duration is rounded in some files: the last spike counts too.
  let durationSeconds = stopSeconds - startSeconds;
  for (let channel = 0; channel < counts.length; channel++)
    for (const block of read(channel)) durationSeconds = Math.max(durationSeconds, block.at(-1)!);

  return {
    name,
    source: "mea-hdf5",
    durationSeconds,
    channels: channelsOf(file, name, counts),
    meta: metaOf(file),
    readSpikes: read,
    close: () => void file.close(),
  };
}

function recordedSpan(file: File): [number, number] {
  const span = dataset(file, "recordingtime");
  if (span) {
    const [start, stop] = numbers(span);
    if (start !== undefined && stop !== undefined && stop > start) return [start, stop];
  }
  return [0, numberAt(file, "summary/duration") ?? 0];
}

function channelsOf(file: File, name: string, counts: Float64Array): RecordingChannel[] {
  const n = counts.length;
  const namesData = dataset(file, "names");
  const names = namesData ? strings(namesData) : Array.from(counts, (_, i) => `electrode_${i + 1}`);
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
  }));
}

function metaOf(file: File): Recording["meta"] {
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
