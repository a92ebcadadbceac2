/**
 * The heading of EDF, EDF+ and BDF files.
 * Kemp et al. 1992, https://doi.org/10.1016/0013-4694(92)90009-7; EDF+: Kemp and Olivan 2003,
 * https://www.edfplus.info/specs/edf.html; BDF: https://www.biosemi.com/faq/file_format.htm
 */
import { RecordingError } from "../../contract.ts";
import type { ByteFile } from "../bytes.ts";

export interface EdfSignal {
  readonly label: string;
  readonly unit: string;
  readonly physical: readonly [number, number];
  readonly digital: readonly [number, number];
  readonly samplesPerRecord: number;
  /** Of its samples inside a data record. */
  readonly byteOffset: number;
  /** Holds text (time-stamped annotation lists), not samples. */
  readonly annotations: boolean;
}

export interface EdfHeader {
  readonly format: "edf" | "bdf";
  readonly bytesPerSample: 2 | 3;
  readonly headerBytes: number;
  readonly recordBytes: number;
  /** Whole ones in the file. */
  readonly records: number;
  /** -1 where the heading does not say. */
  readonly statedRecords: number;
  readonly recordSeconds: number;
  /** EDF+D: records may lie apart in time, each says when it began. */
  readonly discontinuous: boolean;
  readonly signals: readonly EdfSignal[];
  readonly patient: string;
  readonly description: string;
  readonly startTime: string | undefined;
}

const FIXED = 256;
/** Widths of the fields of one signal, in the file's order: all labels, then all transducers, ... */
const WIDTHS = {
  label: 16,
  transducer: 80,
  unit: 8,
  physMin: 8,
  physMax: 8,
  digMin: 8,
  digMax: 8,
  filter: 80,
  samples: 8,
  reserved: 32,
};

export function readEdfHeader(file: ByteFile): EdfHeader {
  const fixed = file.read(0, Math.min(FIXED, file.length));
  const text = (from: number, length: number) => fixed.toString("latin1", from, from + length).trim();
  const format = fixed[0] === 0xff ? "bdf" : "edf";
  const fail = (what: string): never => {
    throw new RecordingError(`${file.path}: ${what}; not a whole ${format.toUpperCase()} file`);
  };
  if (fixed.length < FIXED) fail(`expected a heading of ${FIXED} bytes, got ${fixed.length}`);
  const count = number(text(252, 4));
  if (!(Number.isInteger(count) && count >= 1 && count <= 4096))
    fail(`expected 1 to 4096 signals, got "${text(252, 4)}"`);
  const headerBytes = FIXED * (count + 1);
  if (number(text(184, 8)) !== headerBytes)
    fail(`expected a heading of ${headerBytes} bytes for ${count} signals, got "${text(184, 8)}"`);
  const recordSeconds = number(text(244, 8));
  if (!(recordSeconds >= 0 && recordSeconds < 1e6))
    fail(`expected the length of a record in seconds, got "${text(244, 8)}"`);

  const fields = file.read(FIXED, FIXED * count).toString("latin1");
  const column = (name: keyof typeof WIDTHS): string[] => {
    let from = 0;
    for (const [other, width] of Object.entries(WIDTHS)) {
      if (other === name) break;
      from += width * count;
    }
    return Array.from({ length: count }, (_, i) =>
      fields.slice(from + i * WIDTHS[name], from + (i + 1) * WIDTHS[name]).trim(),
    );
  };
  const [labels, units, samples] = [column("label"), column("unit"), column("samples")];
  const [physMin, physMax, digMin, digMax] = [
    column("physMin"),
    column("physMax"),
    column("digMin"),
    column("digMax"),
  ];
  const bytesPerSample = format === "bdf" ? 3 : 2;
  let recordBytes = 0;
  const signals = labels.map((label, i): EdfSignal => {
    const samplesPerRecord = number(samples[i]);
    if (!(Number.isInteger(samplesPerRecord) && samplesPerRecord >= 0 && samplesPerRecord < 1e8))
      fail(`signal ${i + 1}: expected samples per record, got "${samples[i]}"`);
    const signal: EdfSignal = {
      label,
      unit: units[i].replace(/^[\xb5\xe6]V/, "uV"),
      physical: [number(physMin[i]), number(physMax[i])],
      digital: [number(digMin[i]), number(digMax[i])],
      samplesPerRecord,
      byteOffset: recordBytes,
      annotations: label === `${format.toUpperCase()} Annotations`,
    };
    recordBytes += samplesPerRecord * bytesPerSample;
    const { digital, physical } = signal;
    if (!signal.annotations && (!(digital[1] >= digital[0]) || !physical.every(Number.isFinite)))
      fail(`signal ${label}: expected its physical and digital range, got ${physical} and ${digital}`);
    return signal;
  });
  if (recordBytes === 0) fail("expected samples in its data records, got none");
  // -1: the number of records was not known when the file was begun, or it was never closed.
  const stated = number(text(236, 8));
  const held = Math.floor((file.length - headerBytes) / recordBytes);
  if (!(Number.isInteger(stated) && stated >= -1))
    fail(`expected the number of records, got "${text(236, 8)}"`);
  if (stated > held && held === 0) fail(`expected ${stated} records, the file holds none`);
  const reserved = text(192, 44);
  return {
    format,
    bytesPerSample,
    headerBytes,
    recordBytes,
    records: stated === -1 ? held : Math.min(stated, held),
    statedRecords: stated,
    recordSeconds,
    discontinuous: /^(EDF|BDF)\+D/.test(reserved),
    signals,
    patient: text(8, 80),
    description: text(88, 80),
    startTime: startTime(text(168, 8), text(176, 8)),
  };
}

/** `dd.mm.yy` and `hh.mm.ss`, local time; years 85..99 are of the last century (EDF's clipping date). */
function startTime(date: string, time: string): string | undefined {
  const [day, month, year] = (/^(\d\d)\.(\d\d)\.(\d\d)$/.exec(date) ?? []).slice(1);
  const clock = /^(\d\d)\.(\d\d)\.(\d\d)$/.exec(time);
  if (!year || !clock) return undefined;
  return `${Number(year) >= 85 ? "19" : "20"}${year}-${month}-${day}T${clock.slice(1).join(":")}`;
}

function number(text: string): number {
  return text === "" ? Number.NaN : Number(text.replace(",", ".")); // some programs write in their own language
}
