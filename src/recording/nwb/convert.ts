/**
 * Any recordings as one NWB 2.7 file: a unit for each channel, with its observed intervals, its electrode, and the
 * culture, treatment and dose in columns of their own. Times stay on the file's clock.
 */
import { renameSync, rmSync } from "node:fs";
import { File, type Group } from "h5wasm/node";
import { PARTIAL } from "../../files/whole.ts";
import { type Interval, type Recording, RecordingError } from "../contract.ts";
import { guarded, loadHdf5 } from "../hdf5.ts";
import { plainText } from "./column.ts";
import { writeSession } from "./session.ts";
import { DynamicTable } from "./table.ts";

/** A recording without a date. */
const NO_DATE = "1970-01-01T00:00:00+00:00";

export interface NwbConversion {
  readonly spikes: number;
  readonly units: number;
  readonly durationSeconds: number;
}

/** Writes the recordings to `path`. Throws `RecordingError` where there is none, or one holds counts and no spike times. */
export async function convertToNwb(recordings: readonly Recording[], path: string): Promise<NwbConversion> {
  await loadHdf5();
  const [first] = recordings;
  if (!first) throw new RecordingError(`${path}: expected a culture to write`);
  if (first.counts)
    throw new RecordingError(`${first.name}: expected spike times, but the file holds counts only`);
  const partial = path + PARTIAL;
  const file = guarded(`create ${path}`, () => new File(partial, "w"));
  let whole = false;
  try {
    const { units, intervals } = unitsTable(file, recordings);
    let spikes = 0;
    let electrode = 0;
    for (const recording of recordings)
      for (const [channel, { name, group = "" }] of recording.channels.entries()) {
        const times = timesOf(recording, channel);
        spikes += times.length;
        const { culture = "", meta } = recording;
        units.append([
          times,
          observedOf(recording),
          electrode++,
          ...[name, group, culture, meta.treatment ?? "", meta.dose ?? ""].map((text) => plainText(text)),
        ]);
      }
    units.flush();
    if (first.trials.length > 0) trialsTable(intervals, first).flush();
    whole = true;
    return {
      spikes,
      units: electrode,
      durationSeconds: Math.max(...recordings.map(({ durationSeconds }) => durationSeconds)),
    };
  } finally {
    guarded(`close ${path}`, () => file.close());
    if (whole) renameSync(partial, path);
    else rmSync(partial, { force: true });
  }
}

function unitsTable(file: File, recordings: readonly Recording[]) {
  const [{ name, source, meta }] = recordings;
  const stated = Date.parse(meta.startTime ?? "");
  const identifier = `wetgrad-${source}-${name}`;
  const skeleton = writeSession(file, {
    identifier,
    description: `converted from ${source}`,
    startTime: Number.isFinite(stated) ? new Date(stated).toISOString() : NO_DATE,
    framesPerSecond: meta.samplingRateHz ?? 0,
    device: { name: plainText(meta.layout ?? "array") || "array", description: meta.layout ?? "not stated" },
    electrodes: recordings.flatMap(({ channels }) =>
      channels.map(({ xUm = Number.NaN, yUm = Number.NaN, group = "unknown" }) => ({
        xUm,
        yUm,
        location: group,
      })),
    ),
    subject: {
      id: name,
      description: "not stated",
      ...(meta.divDays === undefined ? {} : { age: `P${Math.round(meta.divDays)}D` }),
      ...(meta.species === undefined ? {} : { species: meta.species }),
    },
  });
  const text = { type: "text" } as const;
  const units = new DynamicTable(file, identifier, {
    name: "units",
    namespace: "core",
    type: "Units",
    description: "spikes of each channel",
    columns: [
      {
        name: "spike_times",
        description: "spike times in seconds",
        type: "f64",
        ragged: true,
        chunkRows: 16384,
      },
      { name: "obs_intervals", description: "when it was observed", type: "f64", width: 2, ragged: true },
      {
        name: "electrodes",
        description: "the electrode",
        type: "i32",
        ragged: true,
        region: skeleton.electrodes,
      },
      { name: "unit_name", description: "name of the channel", ...text },
      { name: "unit_group", description: "region or electrode group", ...text },
      { name: "culture", description: "well or dish", ...text },
      { name: "treatment", description: "what the culture was given", ...text },
      { name: "dose", description: "how much of it", ...text },
    ],
    chunkRows: 1024,
  });
  return { units, intervals: skeleton.intervals };
}

function trialsTable(intervals: Group, { name, source, trials, startSeconds }: Recording): DynamicTable {
  const table = new DynamicTable(intervals, `wetgrad-${source}-${name}`, {
    name: "trials",
    namespace: "core",
    type: "TimeIntervals",
    description: "trials",
    columns: [
      { name: "start_time", description: "start in seconds", type: "f64" },
      { name: "stop_time", description: "end in seconds", type: "f64" },
    ],
    chunkRows: 1024,
  });
  for (const trial of trials)
    table.append([startSeconds + trial.startSeconds, startSeconds + trial.endSeconds]);
  return table;
}

/** One channel in memory. */
function timesOf(recording: Recording, channel: number): Float64Array {
  const times = new Float64Array(recording.channels[channel].spikeCount);
  let n = 0;
  for (const block of recording.readSpikes(channel))
    for (const time of block) if (n < times.length) times[n++] = recording.startSeconds + time;
  return times.subarray(0, n);
}

function observedOf({ observed, startSeconds }: Recording): number[] {
  return observed.flatMap((interval: Interval) => [
    startSeconds + interval.startSeconds,
    startSeconds + interval.endSeconds,
  ]);
}
