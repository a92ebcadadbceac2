/**
 * Binned CSV: a time column (seconds) and one column of counts per unit, named `unit_*`, `neuron_*`, `channel_*` or
 * `electrode_*`; other columns are behaviour and left out. The spikes of a bin are placed at its start, several of
 * them evenly within it.
 */
import { SpikeBlocks } from "../blocks.ts";
import { type Recording, RecordingError } from "../contract.ts";
import { fields, lineBatches } from "../lines.ts";

const TIME = /^(timestamp|time|t)( ?\(s\)|_s)?$/i;
const UNIT = /^(unit|neuron|channel|electrode|ch)_?\d+$/i;

export function isBinned(header: string): boolean {
  const names = fields(header, ",");
  return names.some((name) => TIME.test(name)) && names.filter((name) => UNIT.test(name)).length >= 2;
}

export async function openBinned(path: string, name: string): Promise<Recording> {
  const spikes = new SpikeBlocks();
  let header: string[] | undefined;
  let timeColumn = -1;
  let units: number[] = [];
  let first = Number.NaN;
  let last = Number.NaN;
  let binSeconds = Number.NaN;
  let waiting: string[] | undefined; // the first row, until the second tells how long a bin is
  let lineNumber = 0;
  const place = (row: string[], names: string[]) => {
    const start = Number(row[timeColumn]) - first;
    for (const unit of units) {
      const count = Number(row[unit]);
      if (row[unit] === "" || !(Number.isInteger(count) && count >= 0))
        throw new RecordingError(
          `${path}:${lineNumber}: expected counts, got "${row[unit]}" for ${names[unit]}`,
        );
      for (let i = 0; i < count; i++) spikes.add(names[unit], tidy(start + (i / count) * binSeconds));
    }
  };
  try {
    for await (const lines of lineBatches(path)) {
      for (const line of lines) {
        lineNumber++;
        if (line.trim() === "") continue;
        const row = fields(line, ",");
        if (!header) {
          header = row;
          timeColumn = row.findIndex((field) => TIME.test(field));
          units = row.flatMap((field, i) => (UNIT.test(field) ? [i] : []));
          for (const unit of units) spikes.channel(row[unit]);
          continue;
        }
        const time = Number(row[timeColumn]);
        if (row.length !== header.length || !Number.isFinite(time) || time <= last)
          throw new RecordingError(
            `${path}:${lineNumber}: expected ${header.length} columns and a time after ${last}, got ${row.length} and ${time}`,
          );
        if (Number.isNaN(first)) {
          first = time;
          waiting = row;
        } else {
          if (Number.isNaN(binSeconds)) binSeconds = time - first;
          if (waiting) place(waiting, header);
          waiting = undefined;
          place(row, header);
        }
        last = time;
      }
    }
    if (!header || waiting || Number.isNaN(first))
      throw new RecordingError(
        `${path}: expected at least two bins, the file ends after ${lineNumber} lines`,
      );
  } catch (error) {
    spikes.close();
    throw error;
  }
  return {
    name,
    source: "binned-csv",
    durationSeconds: tidy(last - first + binSeconds),
    channels: spikes.finish(),
    meta: {},
    readSpikes: (channel) => spikes.read(channel),
    close: () => spikes.close(),
  };
}

/** To whole nanoseconds: differences of large time stamps carry noise in their last digits. */
function tidy(seconds: number): number {
  return Math.round(seconds * 1e9) / 1e9;
}
