/**
 * The recording.nwb of a wetgrad run as cultures, one for each seed, code and arm: its units table holds a row for every
 * electrode and recorded stretch. A culture is observed in those stretches alone.
 */
import { Dataset, type File, type Group } from "h5wasm/node";
import { ascending } from "../../blocks.ts";
import { type Interval, RecordingError } from "../../contract.ts";
import { merged } from "../../cultures/intervals.ts";
import type { CultureFacts, FileChannel, SpikeFile } from "../../cultures/spike-file.ts";
import { closeHdf5, dataset, numbers, stringAt, strings } from "../../hdf5.ts";
import { DatasetWindow } from "../../window.ts";
import { readElectrodes } from "./electrodes.ts";

const COLUMNS = ["seed", "code", "arm", "electrodes", "obs_intervals", "spike_times", "spike_times_index"];

export function isNwbRun(units: Group): boolean {
  return COLUMNS.every((name) => units.get(name) instanceof Dataset);
}

interface Electrode {
  readonly culture: string;
  readonly channel: number;
  readonly rows: number[];
  spikes: number;
}

export function openNwbRun(file: File, name: string, units: Group): SpikeFile {
  const column = (label: string) => dataset(units, label)!;
  const [seeds, electrodes, observed, ends] = [
    "seed",
    "electrodes",
    "obs_intervals",
    "spike_times_index",
  ].map((label) => numbers(column(label)));
  const [codes, arms] = [strings(column("code")), strings(column("arm"))];
  const spikes = new DatasetWindow(column("spike_times"));
  const stretches = new Map<string, Map<number, Interval>>();
  const found = new Map<string, Electrode>();
  ends.forEach((end, row) => {
    if (!(end >= (ends[row - 1] ?? 0) && end <= spikes.length))
      throw new RecordingError(`${name}: /units/spike_times_index is not ascending within the spikes`);
    const culture = `seed${seeds[row]} ${codes[row]} ${arms[row]}`;
    const channel = electrodes[row];
    const key = `${culture} ${channel}`;
    let electrode = found.get(key);
    if (!electrode) found.set(key, (electrode = { culture, channel, rows: [], spikes: 0 }));
    electrode.rows.push(row);
    electrode.spikes += end - (ends[row - 1] ?? 0);
    const [startSeconds, endSeconds] = [observed[2 * row], observed[2 * row + 1]];
    if (!stretches.has(culture)) stretches.set(culture, new Map());
    stretches.get(culture)!.set(startSeconds, { startSeconds, endSeconds });
  });
  const places = readElectrodes(file);
  const all = [...found.values()].sort((a, b) => a.channel - b.channel);
  const startTime = stringAt(file, "session_start_time");
  return {
    name,
    source: "nwb",
    channels: all.map(
      ({ culture, channel, spikes: spikeCount }): FileChannel => ({
        name: String(channel),
        spikeCount,
        culture,
        ...places[channel],
      }),
    ),
    cultures: new Map(
      [...stretches].map(([culture, intervals]): [string, CultureFacts] => [
        culture,
        { observed: merged([...intervals.values()]) },
      ]),
    ),
    meta: startTime ? { startTime } : {},
    *readSpikes(channel) {
      for (const row of all[channel].rows)
        yield* ascending(
          spikes.read(ends[row - 1] ?? 0, ends[row]),
          (detail) => new RecordingError(`${name}: unit ${row}: ${detail}`),
        );
    },
    close: () => closeHdf5(file),
  };
}
