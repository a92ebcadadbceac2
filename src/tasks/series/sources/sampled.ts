/**
 * Series from recordings that are sampled fast: a sound by its loudness, an EEG, ECG or other signal by its mean, in
 * windows of 10 ms. WAV: RIFF with PCM of 8 to 32 bits or 32-bit floats (Microsoft & IBM 1991, "Multimedia Programming
 * Interface and Data Specifications 1.0"); signals: whatever recording/signals opens.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isHdf5 } from "../../../recording/apart/signature.ts";
import { holdsSignals, openSignals } from "../../../recording/signals/open.ts";
import { TaskError } from "../../error.ts";
import { DEFAULT_LIMIT, type SeriesFile } from "./csv.ts";

const WINDOW_SECONDS = 0.01;
/** Samples that are read at once. */
const BLOCK = 1 << 16;

/** The series of a WAV or signal file; undefined where `path` is neither. `column` is a channel's name or number from 0. */
export async function readSampled(path: string, column?: string | number): Promise<SeriesFile | undefined> {
  const head = firstBytes(path);
  if (head === undefined) return undefined;
  if (head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8, 12) === "WAVE")
    return readWav(path, column);
  // An NWB file may hold spikes beside its series.
  return isHdf5(head) || (await holdsSignals(path)) ? readSignal(path, column) : undefined;
}

function firstBytes(path: string): Buffer | undefined {
  let handle: number;
  try {
    handle = openSync(path, "r");
  } catch {
    return undefined; // Said in better words by who opens it as a text.
  }
  try {
    if (!fstatSync(handle).isFile()) return undefined;
    const head = Buffer.alloc(12);
    return readSync(handle, head, 0, 12, 0) === 12 ? head : undefined;
  } finally {
    closeSync(handle);
  }
}

async function readSignal(path: string, column?: string | number): Promise<SeriesFile> {
  const recording = await openSignals(path);
  try {
    const labels = recording.channels.map(({ label }) => label);
    const index = pick(path, labels, column);
    const { rateHz, samples } = recording.channels[index];
    const size = Math.max(1, Math.round(rateHz * WINDOW_SECONDS));
    const windows = Math.floor(samples / size);
    const count = Math.min(windows, DEFAULT_LIMIT);
    const values = new Float64Array(count);
    const atOnce = Math.max(1, Math.floor(BLOCK / size));
    for (let from = 0; from < count; from += atOnce) {
      const to = Math.min(count, from + atOnce);
      const block = recording.read(from * size, (to - from) * size, [index]);
      for (let w = from; w < to; w++) {
        const window = block.subarray((w - from) * size, (w - from + 1) * size);
        values[w] = window.reduce((sum, value) => sum + value, 0) / size;
        if (Number.isNaN(values[w]))
          throw new TaskError(
            `${path}: nothing was recorded at ${(w * WINDOW_SECONDS).toFixed(2)} s; cut the recording there`,
          );
      }
    }
    return { values, column: labels[index], more: windows > count };
  } finally {
    recording.close();
  }
}

/** The samples of one frame of a WAV file, as numbers from -1 to 1. */
type Decoder = (bytes: Buffer, at: number) => number;

function readWav(path: string, column?: string | number): SeriesFile {
  const handle = openSync(path, "r");
  try {
    const { channels, rateHz, bytesPerSample, decode, start, length } = wavLayout(path, handle);
    const labels = Array.from({ length: channels }, (_, c) => String(c));
    const index = pick(path, labels, channels > 1 && column === undefined ? 0 : column);
    const size = Math.max(1, Math.round(rateHz * WINDOW_SECONDS));
    const frame = channels * bytesPerSample;
    const windows = Math.floor(length / (size * frame));
    const count = Math.min(windows, DEFAULT_LIMIT);
    const values = new Float64Array(count);
    const block = Buffer.alloc(size * frame);
    for (let w = 0; w < count; w++) {
      readSync(handle, block, 0, block.length, start + w * block.length);
      let power = 0;
      for (let i = 0; i < size; i++) power += decode(block, i * frame + index * bytesPerSample) ** 2;
      values[w] = Math.sqrt(power / size);
    }
    return { values, column: `channel ${index}`, more: windows > count };
  } finally {
    closeSync(handle);
  }
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

function wavLayout(path: string, handle: number) {
  const size = fstatSync(handle).size;
  const head = Buffer.alloc(26);
  let format: { kind: number; channels: number; rateHz: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= size; ) {
    readSync(handle, head, 0, 8, at);
    const [name, bytes] = [head.toString("latin1", 0, 4), head.readUInt32LE(4)];
    if (name === "fmt ") {
      readSync(handle, head, 0, Math.min(26, bytes), at + 8);
      const kind = head.readUInt16LE(0);
      format = {
        kind: kind === EXTENSIBLE && bytes >= 26 ? head.readUInt16LE(24) : kind,
        channels: head.readUInt16LE(2),
        rateHz: head.readUInt32LE(4),
        bits: head.readUInt16LE(14),
      };
    }
    if (name === "data" && format) {
      const decode = decoderOf(format.kind, format.bits);
      if (!decode || format.channels < 1)
        throw new TaskError(
          `${path}: expected PCM of 8, 16, 24 or 32 bits or 32-bit floats, got format ${format.kind} of ${format.bits} bits; convert the file`,
        );
      const length = Math.min(bytes, size - at - 8);
      return { ...format, bytesPerSample: format.bits / 8, decode, start: at + 8, length };
    }
    at += 8 + bytes + (bytes % 2);
  }
  throw new TaskError(`${path}: expected a WAV file with a format and data, got one that is cut short`);
}

function decoderOf(kind: number, bits: number): Decoder | undefined {
  if (kind === FLOAT && bits === 32) return (bytes, at) => bytes.readFloatLE(at);
  if (kind !== PCM) return undefined;
  if (bits === 8) return (bytes, at) => (bytes.readUInt8(at) - 128) / 128;
  if (bits === 16 || bits === 24 || bits === 32)
    return (bytes, at) => bytes.readIntLE(at, bits / 8) / 2 ** (bits - 1);
  return undefined;
}

/** The channel that `column` names; the only one where it names none. */
function pick(path: string, labels: readonly string[], column: string | number | undefined): number {
  if (column === undefined) {
    if (labels.length === 1) return 0;
    throw new TaskError(
      `${path}: has ${labels.length} channels (${labels.slice(0, 6).join(", ")}); name one`,
    );
  }
  const byName = labels.indexOf(String(column));
  const index = byName >= 0 ? byName : Number(column);
  if (Number.isInteger(index) && index >= 0 && index < labels.length) return index;
  throw new TaskError(`${path}: expected a channel out of ${labels.slice(0, 12).join(", ")}, got ${column}`);
}
