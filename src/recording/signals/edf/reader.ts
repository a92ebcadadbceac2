/** EDF, EDF+ (continuous and not) and BDF (24-bit) recordings, read record by record. */

import type { Doubt } from "../../contract.ts";
import type { ByteFile } from "../bytes.ts";
import type { SignalChannel, SignalEvent, SignalRecording } from "../contract.ts";
import { checkedWindow } from "../window.ts";
import { annotations } from "./annotations.ts";
import { type EdfHeader, type EdfSignal, readEdfHeader } from "./header.ts";

export function isEdf(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 8)).toString("latin1");
  return /^0 {7}$/.test(text) || text === "\xffBIOSEMI";
}

export function openEdf(file: ByteFile, name: string): SignalRecording {
  const header = readEdfHeader(file);
  const { recordSeconds, records, signals } = header;
  const onsets = recordOnsets(file, header);
  const plain = signals.filter((signal) => !signal.annotations && signal.samplesPerRecord > 0);
  const durationSeconds = records === 0 ? 0 : onsets(records - 1) + recordSeconds;
  const channels = plain.map(({ label, unit, samplesPerRecord }): SignalChannel => {
    const rateHz = recordSeconds > 0 ? samplesPerRecord / recordSeconds : 0;
    return {
      label,
      unit,
      rateHz,
      samples: header.discontinuous ? Math.round(durationSeconds * rateHz) : samplesPerRecord * records,
    };
  });
  const doubts: Doubt[] =
    header.statedRecords > records
      ? [
          {
            kind: "cut-short",
            message: `the heading says ${header.statedRecords} records, the file holds ${records} whole ones: those are read`,
          },
        ]
      : [];
  return {
    name,
    source: header.format,
    doubts,
    preparation: "person",
    durationSeconds,
    channels,
    meta: {
      ...(header.startTime ? { startTime: header.startTime } : {}),
      ...(header.patient ? { subject: header.patient } : {}),
      ...(header.description ? { description: header.description } : {}),
    },
    events: () => eventsOf(file, header, onsets),
    read: (start, count, wanted) => {
      const source = { file, header, onsets };
      const chosen = checkedWindow(name, channels, { start, count, wanted });
      const out = new Float64Array(chosen.length * count).fill(Number.NaN);
      for (const [row, channel] of chosen.entries()) {
        const into = out.subarray(row * count, (row + 1) * count);
        readSignal(source, { signal: plain[channel], rateHz: channels[channel].rateHz }, start, into);
      }
      return out;
    },
    close: () => file.close(),
  };
}

/** When each data record began, in seconds from the first. */
type Onsets = (record: number) => number;

function recordOnsets(file: ByteFile, header: EdfHeader): Onsets {
  const { discontinuous, recordSeconds, records, signals } = header;
  const lists = signals.find((signal) => signal.annotations);
  if (!discontinuous || !lists) return (record) => record * recordSeconds;
  const onsets = new Float64Array(records);
  for (let record = 0; record < records; record++) {
    const after = record === 0 ? 0 : onsets[record - 1] + recordSeconds;
    const first = annotations(rawSignal(file, header, lists, record)).next();
    // A record that begins before the last one ended is damaged; it is put behind it.
    onsets[record] = first.done ? after : Math.max(after, first.value.seconds);
  }
  const origin = onsets[0] ?? 0;
  return (record) => onsets[record] - origin;
}

interface EdfSource {
  readonly file: ByteFile;
  readonly header: EdfHeader;
  readonly onsets: Onsets;
}

/** The samples from `start` on, as many as `out` holds. */
function readSignal(
  { file, header, onsets }: EdfSource,
  { signal, rateHz }: { readonly signal: EdfSignal; readonly rateHz: number },
  start: number,
  out: Float64Array,
): void {
  const { discontinuous, records } = header;
  const n = signal.samplesPerRecord;
  const first = (record: number) => (discontinuous ? Math.round(onsets(record) * rateHz) : record * n);
  // A channel that nothing was connected to may state a range of nothing.
  const range = signal.digital[1] - signal.digital[0];
  const gain = range === 0 ? 0 : (signal.physical[1] - signal.physical[0]) / range;
  let low = 0;
  for (let high = records; low < high; ) {
    const middle = (low + high) >> 1;
    if (first(middle) + n <= start) low = middle + 1;
    else high = middle;
  }
  for (let record = low; record < records; record++) {
    const at = first(record) - start;
    if (at >= out.length) return;
    const samples = digitalValues(rawSignal(file, header, signal, record), header.bytesPerSample);
    for (let i = Math.max(0, -at); i < n && at + i < out.length; i++)
      out[at + i] = (samples[i] - signal.digital[0]) * gain + signal.physical[0];
  }
}

function rawSignal(file: ByteFile, header: EdfHeader, signal: EdfSignal, record: number): Buffer {
  return file.read(
    header.headerBytes + record * header.recordBytes + signal.byteOffset,
    signal.samplesPerRecord * header.bytesPerSample,
  );
}

function digitalValues(bytes: Buffer, bytesPerSample: 2 | 3): Int32Array {
  return Int32Array.from({ length: bytes.length / bytesPerSample }, (_, i) =>
    bytes.readIntLE(i * bytesPerSample, bytesPerSample),
  );
}

function* eventsOf(file: ByteFile, header: EdfHeader, onsets: Onsets): Generator<SignalEvent> {
  const { signals, records, recordSeconds, format } = header;
  const lists = signals.filter((signal) => signal.annotations);
  const status = format === "bdf" ? signals.find(({ label }) => label === "Status") : undefined;
  let origin: number | undefined;
  let held = 0;
  for (let record = 0; record < records; record++) {
    for (const list of lists)
      for (const { seconds, durationSeconds, label } of annotations(rawSignal(file, header, list, record))) {
        origin ??= seconds;
        if (label !== "") yield { seconds: seconds - origin, durationSeconds, kind: "annotation", label };
      }
    if (!status) continue;
    // BioSemi: the low 16 bits are the trigger inputs, the high byte tells of the amplifier.
    const values = digitalValues(rawSignal(file, header, status, record), 3);
    for (let i = 0; i < values.length; i++) {
      const code = values[i] & 0xffff;
      if (code !== held && code !== 0)
        yield {
          seconds: onsets(record) + (i * recordSeconds) / values.length,
          durationSeconds: 0,
          kind: "trigger",
          label: String(code),
        };
      held = code;
    }
  }
}
