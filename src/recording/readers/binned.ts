/**
 * Binned CSV: a time column (seconds) and one column of counts per unit, named `unit_*`, `neuron_*`, `channel_*` or
 * `electrode_*`; other columns are behaviour and left out. The spikes of a bin are placed at its start, several of
 * them evenly within it. Kept are bins with their counts: a count costs no more memory than its row.
 */
import { SpikeBlocks } from "../blocks.ts";
import { RecordingError } from "../contract.ts";
import type { SpikeFile } from "../cultures/spike-file.ts";
import { fields, firstLines, lineBatches } from "../text/lines.ts";
import { numberIn, type TextFormat, textFormat } from "../text/table.ts";

const TIME = /^(timestamp|time|t)( ?\(s\)|_s)?$/i;
const UNIT = /^(unit|neuron|channel|electrode|ch)_?\d+$/i;
/** More spikes in a second, or in a bin, are no counts of spikes. */
const MOST_HZ = 10_000;
const MOST_IN_BIN = 100_000;
/** A file counts no more spikes than this, and this many a byte: they are made one by one. */
const MOST_SPIKES = 1e7;
const SPIKES_PER_BYTE = 50;
const BLOCK = 4096;

export async function binnedCsv(path: string): Promise<TextFormat | undefined> {
  return textFormat(
    await firstLines(path, 20),
    (names) => names.some((name) => TIME.test(name)) && names.filter((name) => UNIT.test(name)).length >= 2,
  );
}

export async function openBinned(path: string, name: string, format: TextFormat): Promise<SpikeFile> {
  /** Of bins with spikes: their starts, and beside them their counts. */
  const bins = { starts: new SpikeBlocks(), counts: new SpikeBlocks() };
  let header: string[] | undefined;
  let timeColumn = -1;
  let units: number[] = [];
  let first = Number.NaN;
  let last = Number.NaN;
  let binSeconds = Number.NaN;
  let waiting: string[] | undefined; // the first row, until the second tells how long a bin is
  let lineNumber = 0;
  let spikes = 0;
  let read = 0;
  const totals = new Map<string, number>();
  const place = (row: string[], names: string[]) => {
    const start = tidy(numberIn(row[timeColumn], format) - first);
    for (const unit of units) {
      const count = numberIn(row[unit], format);
      if (!(Number.isInteger(count) && count >= 0))
        throw new RecordingError(
          `${path}:${lineNumber}: expected counts, got "${row[unit]}" for ${names[unit]}`,
        );
      if (count > Math.min(MOST_IN_BIN, Math.max(1, MOST_HZ * binSeconds)))
        throw new RecordingError(
          `${path}:${lineNumber}: expected counts of spikes, got ${count} in ${binSeconds} s for ${names[unit]}`,
        );
      if (count === 0) continue;
      bins.starts.add(names[unit], start);
      bins.counts.add(names[unit], count);
      spikes += count;
      totals.set(names[unit], (totals.get(names[unit]) ?? 0) + count);
    }
  };
  const close = () => {
    bins.starts.close();
    bins.counts.close();
  };
  try {
    for await (const lines of lineBatches(path)) {
      for (const line of lines) {
        lineNumber++;
        read += line.length;
        if (spikes > MOST_SPIKES + SPIKES_PER_BYTE * read)
          throw new RecordingError(
            `${path}:${lineNumber}: counts ${spikes} spikes in ${read} bytes: expected counts of spikes in short bins`,
          );
        if (line.trim() === "") continue;
        const row = fields(line, format.separator);
        if (!header) {
          header = row;
          timeColumn = row.findIndex((field) => TIME.test(field));
          units = row.flatMap((field, i) => (UNIT.test(field) ? [i] : []));
          const names = new Set<string>();
          const twice = units.find((unit) => names.size === names.add(row[unit]).size);
          if (twice !== undefined)
            throw new RecordingError(`${path}: two columns are named ${row[twice]}; rename one`);
          for (const unit of units) for (const kept of Object.values(bins)) kept.channel(row[unit]);
          continue;
        }
        const time = numberIn(row[timeColumn], format);
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
    close();
    throw error;
  }
  bins.counts.finish();
  return {
    name,
    source: "binned-csv",
    span: { startSeconds: 0, endSeconds: tidy(last - first + binSeconds) },
    clockSeconds: first,
    channels: bins.starts.finish((unit) => ({ spikeCount: totals.get(unit) ?? 0 })),
    meta: {},
    readSpikes: (channel) => spread(bins.starts.read(channel), bins.counts.readAsAdded(channel), binSeconds),
    close,
  };
}

/** The spikes of bins, evenly within each. */
function* spread(
  starts: Iterable<Float64Array>,
  counts: Iterable<Float64Array>,
  binSeconds: number,
): Generator<Float64Array> {
  const beside = counts[Symbol.iterator]();
  let out: number[] = [];
  for (const block of starts) {
    const numbers = beside.next().value as Float64Array;
    for (let b = 0; b < block.length; b++)
      for (let i = 0; i < numbers[b]; i++) {
        out.push(tidy(block[b] + (i / numbers[b]) * binSeconds));
        if (out.length < BLOCK) continue;
        yield Float64Array.from(out);
        out = [];
      }
  }
  if (out.length > 0) yield Float64Array.from(out);
}

/** To whole nanoseconds: differences of large time stamps carry noise in their last digits. */
function tidy(seconds: number): number {
  return Math.round(seconds * 1e9) / 1e9;
}
