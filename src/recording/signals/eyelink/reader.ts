/**
 * EyeLink ASC recordings. Opening passes over the file once and notes where samples lie; reading goes to the nearest
 * noted place. Samples stand on one grid from the first sample on; what lies between two recorded blocks is NaN.
 */
import { RecordingError } from "../../contract.ts";
import type { ByteFile } from "../bytes.ts";
import type { SignalEvent, SignalRecording } from "../contract.ts";
import { checkedWindow } from "../window.ts";
import { parseEvent } from "./events.ts";
import { isSampleLine, parseSample, type SampleLayout, sampleColumns, sampleLayout } from "./lines.ts";

/** One noted place per this many sample lines. */
const NOTE_EVERY = 2048;
/** A day of samples at 2 kHz: times further apart than this are damage. */
const MAX_SAMPLES = 2 ** 28;

interface Outline {
  readonly layout: SampleLayout;
  readonly pupil: string;
  readonly originMs: number;
  readonly lastMs: number;
  /** Grid position and byte offset of every `NOTE_EVERY`th sample line, ascending. */
  readonly notes: readonly { readonly sample: number; readonly at: number }[];
  readonly about: string;
}

export function isEyelink(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString("latin1");
  return /^\*\* ?(CONVERTED FROM|DATE|TYPE)/.test(text) || /^(MSG|START|SAMPLES)[ \t]+\S/.test(text);
}

export function openEyelink(file: ByteFile, name: string): SignalRecording {
  const { layout, pupil, originMs, lastMs, notes, about } = outlineOf(file);
  const { rateHz } = layout;
  const columns = sampleColumns(layout, pupil);
  const sampleAt = (timeMs: number) => Math.round(((timeMs - originMs) * rateHz) / 1000);
  const samples = sampleAt(lastMs) + 1;
  const channels = columns.map((column) => ({ ...column, rateHz, samples }));
  return {
    name,
    source: "eyelink-asc",
    preparation: "person",
    durationSeconds: samples / rateHz,
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
      const from = notes.findLast(({ sample }) => sample <= start) ?? notes[0];
      for (const { text } of file.lines(from.at)) {
        if (!isSampleLine(text)) continue;
        const parsed = parseSample(text, columns.length);
        if (!parsed) continue;
        const at = sampleAt(parsed.timeMs) - start;
        if (at >= count) break;
        if (at < 0) continue;
        for (const [row, channel] of chosen.entries()) out[row * count + at] = parsed.values[channel];
      }
      return out;
    },
    close: () => file.close(),
  };
}

function outlineOf(file: ByteFile): Outline {
  let layout: SampleLayout | undefined;
  let pupil = "AREA";
  let about = "";
  let originMs = Number.NaN;
  let lastMs = Number.NaN;
  let seen = 0;
  let lineNumber = 0;
  const notes: { sample: number; at: number }[] = [];
  const fail = (what: string): never => {
    throw new RecordingError(`${file.path}:${lineNumber}: ${what}`);
  };
  for (const { at, text } of file.lines()) {
    lineNumber++;
    if (isSampleLine(text)) {
      if (!layout)
        fail(
          "expected a SAMPLES line with rate and eyes before the first sample; convert with samples and events",
        );
      const parsed = parseSample(text, sampleColumns(layout!, pupil).length);
      if (!parsed)
        fail(
          `expected a time and ${sampleColumns(layout!, pupil).length} numbers, got "${text.slice(0, 60)}"`,
        );
      const { timeMs } = parsed!;
      if (Number.isNaN(originMs)) originMs = timeMs;
      if (timeMs < lastMs) fail(`expected times that go on, got ${timeMs} after ${lastMs} ms`);
      lastMs = timeMs;
      const sample = Math.round(((timeMs - originMs) * layout!.rateHz) / 1000);
      if (sample > MAX_SAMPLES)
        fail(`expected samples within days of each other, got ${timeMs} ms after ${originMs}`);
      if (seen++ % NOTE_EVERY === 0) notes.push({ sample, at });
    } else if (text.startsWith("SAMPLES")) {
      const found = sampleLayout(text.trim().split(/\s+/));
      if (!found) fail(`expected RATE and LEFT or RIGHT, got "${text.slice(0, 60)}"`);
      if (layout && JSON.stringify(layout) !== JSON.stringify(found))
        fail("the samples change their rate or columns here; split the file at this line");
      layout = found;
    } else if (text.startsWith("PUPIL")) pupil = text.trim().split(/\s+/)[1] ?? pupil;
    else if (about === "" && /^\*\* (?:CONVERTED FROM|TYPE)/.test(text))
      about = text.replace(/^\*\* /, "").trim();
  }
  if (!layout || notes.length === 0)
    throw new RecordingError(
      `${file.path}: an EyeLink file without samples; convert it with samples and events`,
    );
  return { layout, pupil, originMs, lastMs, notes, about };
}
