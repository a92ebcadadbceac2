/**
 * EyeLink ASC recordings. Opening passes over the file once and notes where samples lie; reading goes to the nearest
 * noted place. Samples stand on one grid from the first sample on; what lies between two recorded blocks is NaN. Above
 * 1 kHz the file's whole milliseconds repeat: samples of one millisecond follow one another. Blocks may be of other eyes:
 * channels are those of all blocks. A file converted with events only has no channels.
 */
import { RecordingError } from "../../contract.ts";
import type { ByteFile } from "../bytes.ts";
import type { SignalEvent, SignalRecording } from "../contract.ts";
import { checkedWindow } from "../window.ts";
import { parseEvent } from "./events.ts";
import {
  isSampleLine,
  parseSample,
  type SampleColumn,
  type SampleLayout,
  sampleColumns,
  sampleLayout,
} from "./lines.ts";

/** One noted place per this many sample lines. */
const NOTE_EVERY = 2048;
/** A day of samples at 2 kHz: times further apart than this are damage. */
const MAX_SAMPLES = 2 ** 28;

/** The columns that sample lines have from a place in the file on. */
interface Block {
  readonly at: number;
  readonly layout: SampleLayout;
  readonly columns: readonly SampleColumn[];
}

interface Outline {
  readonly blocks: readonly Block[];
  readonly rateHz: number;
  readonly originMs: number;
  readonly lastMs: number;
  readonly samples: number;
  /** Grid position and byte offset of every `NOTE_EVERY`th sample line, ascending. */
  readonly notes: readonly { readonly sample: number; readonly at: number }[];
  readonly about: string;
}

export function isEyelink(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString("latin1");
  return /^\*\* ?(CONVERTED FROM|DATE|TYPE)/.test(text) || /^(MSG|START|SAMPLES)[ \t]+\S/.test(text);
}

export function openEyelink(file: ByteFile, name: string): SignalRecording {
  const { blocks, rateHz, originMs, lastMs, samples, notes, about } = outlineOf(file);
  const columns = allColumns(blocks);
  const channels = columns.map((column) => ({ ...column, rateHz, samples }));
  return {
    name,
    source: "eyelink-asc",
    preparation: "person",
    startSeconds: originMs / 1000,
    durationSeconds: samples > 0 ? samples / rateHz : (lastMs - originMs) / 1000,
    channels,
    meta: about ? { description: about } : {},
    *events(): Generator<SignalEvent> {
      for (const { text } of file.lines()) {
        if (isSampleLine(text)) continue;
        const event = parseEvent(text, originMs);
        if (event) yield event;
      }
    },
    read: (start, count, wanted) => {
      const chosen = checkedWindow(name, channels, { start, count, wanted });
      const out = new Float64Array(chosen.length * count).fill(Number.NaN);
      if (notes.length === 0) return out;
      const from = notes.findLast(({ sample }) => sample <= start) ?? notes[0];
      const grid = new Grid(originMs, rateHz, from.sample);
      let block = blocks.findLastIndex(({ at }) => at <= from.at);
      for (const { at, text } of file.lines(from.at)) {
        while (block + 1 < blocks.length && blocks[block + 1].at <= at) block++;
        if (!isSampleLine(text)) continue;
        const own = blocks[block].columns;
        const parsed = parseSample(text, own.length);
        if (!parsed) continue;
        const sample = grid.place(parsed.timeMs) - start;
        if (sample >= count) break;
        if (sample < 0) continue;
        for (const [row, channel] of chosen.entries()) {
          const column = own.findIndex(({ label }) => label === columns[channel].label);
          if (column >= 0) out[row * count + sample] = parsed.values[column];
        }
      }
      return out;
    },
    close: () => file.close(),
  };
}

function allColumns(blocks: readonly Block[]): SampleColumn[] {
  const found = new Map<string, SampleColumn>();
  for (const { columns } of blocks)
    for (const column of columns) if (!found.has(column.label)) found.set(column.label, column);
  return [...found.values()];
}

/** Where samples lie, one after the other. */
class Grid {
  private last = Number.NaN;
  private sample = -1;

  constructor(
    private readonly originMs: number,
    private readonly rateHz: number,
    private readonly first: number,
  ) {}

  place(timeMs: number): number {
    const exact = Math.round(((timeMs - this.originMs) * this.rateHz) / 1000);
    if (Number.isNaN(this.last)) this.sample = this.first;
    else this.sample = this.rateHz > 1000 && timeMs === this.last ? this.sample + 1 : exact;
    this.last = timeMs;
    return this.sample;
  }
}

function outlineOf(file: ByteFile): Outline {
  const blocks: Block[] = [];
  let pupil = "AREA";
  let about = "";
  let originMs = Number.NaN;
  let lastMs = Number.NaN;
  const recorded = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  let grid: Grid | undefined;
  let seen = 0;
  let samples = 0;
  let lineNumber = 0;
  const notes: { sample: number; at: number }[] = [];
  const fail = (what: string): never => {
    throw new RecordingError(`${file.path}:${lineNumber}: ${what}`);
  };
  for (const { at, text } of file.lines()) {
    lineNumber++;
    if (isSampleLine(text)) {
      const block =
        blocks.at(-1) ??
        fail(
          "expected a SAMPLES line with rate and eyes before the first sample; convert with samples and events",
        );
      const { columns, layout } = block;
      const parsed =
        parseSample(text, columns.length) ??
        fail(`expected a time and ${columns.length} numbers, got "${text.slice(0, 60)}"`);
      const { timeMs } = parsed;
      if (Number.isNaN(originMs)) originMs = timeMs;
      if (timeMs < lastMs) fail(`expected times that go on, got ${timeMs} after ${lastMs} ms`);
      lastMs = timeMs;
      grid ??= new Grid(originMs, layout.rateHz, 0);
      const sample = grid.place(timeMs);
      if (sample > MAX_SAMPLES)
        fail(`expected samples within days of each other, got ${timeMs} ms after ${originMs}`);
      samples = Math.max(samples, sample + 1);
      if (seen++ % NOTE_EVERY === 0) notes.push({ sample, at });
    } else if (text.startsWith("SAMPLES")) {
      const layout =
        sampleLayout(text.trim().split(/\s+/)) ??
        fail(`expected RATE and LEFT or RIGHT, got "${text.slice(0, 60)}"`);
      const last = blocks.at(-1);
      if (last && last.layout.rateHz !== layout.rateHz)
        fail("the samples change their rate here; split the file at this line");
      if (JSON.stringify(last?.layout) !== JSON.stringify(layout))
        blocks.push({ at, layout, columns: sampleColumns(layout, pupil) });
    } else if (text.startsWith("PUPIL")) pupil = text.trim().split(/\s+/)[1] ?? pupil;
    else if (/^(START|END)\s/.test(text)) {
      const time = Number(text.trim().split(/\s+/)[1]);
      if (Number.isFinite(time)) {
        recorded.from = Math.min(recorded.from, time);
        recorded.to = Math.max(recorded.to, time);
      }
    } else if (about === "" && /^\*\* (?:CONVERTED FROM|TYPE)/.test(text))
      about = text.replace(/^\*\* /, "").trim();
  }
  const rateHz = blocks[0]?.layout.rateHz ?? 0;
  if (samples > 0) return { blocks, rateHz, originMs, lastMs, samples, notes, about };
  if (!Number.isFinite(recorded.from))
    throw new RecordingError(
      `${file.path}: an EyeLink file in which nothing was recorded (no START line); convert it with events, or with samples and events`,
    );
  return { blocks: [], rateHz, originMs: recorded.from, lastMs: recorded.to, samples, notes, about };
}
