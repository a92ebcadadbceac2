/** Small signal files made by hand for tests: EDF and BDF headings, MATLAB 5 elements, EyeLink text. */
import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { type Dataset, File, type Group, ready } from "h5wasm/node";

export interface MadeSignal {
  readonly label: string;
  readonly unit?: string;
  readonly physical?: readonly [number, number];
  readonly digital?: readonly [number, number];
  /** Digital samples of each record; text for an annotation signal, of `length` bytes per record. */
  readonly records: readonly (readonly number[] | string)[];
  readonly length?: number;
}

/** An EDF or BDF file; `reserved` is `EDF+C`, `EDF+D` or nothing. */
export function makeEdf(
  signals: readonly MadeSignal[],
  {
    bdf = false,
    recordSeconds = 1,
    reserved = "",
    statedRecords,
  }: { bdf?: boolean; recordSeconds?: number; reserved?: string; statedRecords?: number } = {},
): Buffer {
  const bytes = bdf ? 3 : 2;
  const samplesOf = ({ records, length }: MadeSignal) => length ?? records[0].length;
  const records = signals[0].records.length;
  const field = (text: string | number, width: number) => String(text).padEnd(width).slice(0, width);
  const each = (width: number, value: (signal: MadeSignal) => string | number) =>
    signals.map((signal) => field(value(signal), width)).join("");
  const digital = bdf ? [-8388608, 8388607] : [-32768, 32767];
  const heading =
    (bdf ? "\xffBIOSEMI" : field("0", 8)) +
    field("P1", 80) +
    field("a test", 80) +
    "31.12.99" +
    "23.59.01" +
    field(256 * (signals.length + 1), 8) +
    field(reserved, 44) +
    field(statedRecords ?? records, 8) +
    field(recordSeconds, 8) +
    field(signals.length, 4) +
    each(16, ({ label }) => label) +
    each(80, () => "") +
    each(8, ({ unit }) => unit ?? "uV") +
    each(8, ({ physical }) => physical?.[0] ?? digital[0]) +
    each(8, ({ physical }) => physical?.[1] ?? digital[1]) +
    each(8, (signal) => signal.digital?.[0] ?? digital[0]) +
    each(8, (signal) => signal.digital?.[1] ?? digital[1]) +
    each(80, () => "") +
    each(8, samplesOf) +
    each(32, () => "");
  const parts = [Buffer.from(heading, "latin1")];
  for (let record = 0; record < records; record++)
    for (const signal of signals) {
      const block = Buffer.alloc(samplesOf(signal) * bytes);
      const content = signal.records[record];
      if (typeof content === "string") block.write(content, "utf8");
      else for (const [i, value] of content.entries()) block.writeIntLE(value, i * bytes, bytes);
      parts.push(block);
    }
  return Buffer.concat(parts);
}

/** A MATLAB value to write: numbers `[rows, columns]` column by column, text, a cell, or an array of structs. */
export type MadeMat =
  | {
      readonly numbers: readonly number[];
      readonly rows?: number;
      readonly type?: "double" | "single" | "int16";
    }
  | string
  | { readonly cell: readonly MadeMat[] }
  | { readonly structs: readonly Readonly<Record<string, MadeMat>>[] };

/** A MATLAB 5 file, each variable compressed or not. */
export function makeMat(
  variables: Readonly<Record<string, MadeMat>>,
  compress = false,
  littleEndian = true,
): Buffer {
  const u32 = (...values: number[]) => {
    const out = Buffer.alloc(4 * values.length);
    for (const [i, value] of values.entries())
      if (littleEndian) out.writeUInt32LE(value, 4 * i);
      else out.writeUInt32BE(value, 4 * i);
    return out;
  };
  const element = (type: number, data: Buffer) => {
    if (data.length > 0 && data.length <= 4) {
      const padded = Buffer.concat([data, Buffer.alloc(4 - data.length)]);
      return Buffer.concat([u32((data.length << 16) | type), padded]);
    }
    return Buffer.concat([u32(type, data.length), data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
  };
  const matrix = (name: string, value: MadeMat): Buffer => {
    const head = (kind: number, rows: number, columns: number) =>
      Buffer.concat([
        element(6, u32(kind, 0)),
        element(5, u32(rows, columns)),
        element(1, Buffer.from(name)),
      ]);
    const swap = (data: Buffer, width: number) =>
      littleEndian ? data : width === 2 ? data.swap16() : width === 4 ? data.swap32() : data.swap64();
    if (typeof value === "string")
      return element(
        14,
        Buffer.concat([head(4, 1, value.length), element(4, swap(Buffer.from(value, "utf16le"), 2))]),
      );
    if ("cell" in value)
      return element(
        14,
        Buffer.concat([head(1, 1, value.cell.length), ...value.cell.map((item) => matrix("", item))]),
      );
    if ("structs" in value) {
      const fields = Object.keys(value.structs[0] ?? {});
      const names = Buffer.alloc(fields.length * 32);
      for (const [i, field] of fields.entries()) names.write(field, 32 * i, "latin1");
      return element(
        14,
        Buffer.concat([
          head(2, 1, value.structs.length),
          element(5, u32(32)),
          element(1, names),
          ...value.structs.flatMap((item) => fields.map((field) => matrix("", item[field]))),
        ]),
      );
    }
    const { numbers, rows = 1, type = "double" } = value;
    const array =
      type === "double"
        ? Float64Array.from(numbers)
        : type === "single"
          ? Float32Array.from(numbers)
          : Int16Array.from(numbers);
    const data = swap(Buffer.from(array.buffer), array.BYTES_PER_ELEMENT);
    const [kind, stored] = { double: [6, 9], single: [7, 7], int16: [10, 3] }[type] as [number, number];
    return element(14, Buffer.concat([head(kind, rows, numbers.length / rows), element(stored, data)]));
  };
  const header = Buffer.alloc(128, 0x20);
  header.write("MATLAB 5.0 MAT-file, made for a test");
  header.write(littleEndian ? "\x00\x01IM" : "\x01\x00MI", 124, "latin1");
  const parts = Object.entries(variables).map(([name, value]) => {
    const plain = matrix(name, value);
    if (!compress) return plain;
    const packed = deflateSync(plain);
    return Buffer.concat([u32(15, packed.length), packed]);
  });
  return Buffer.concat([header, ...parts]);
}

interface EeglabShape {
  readonly beside?: string | undefined;
  readonly compress?: boolean;
  readonly littleEndian?: boolean;
}

/** An EEGLAB dataset of `data [C, N]`, sample after sample, in the file or (with a name) beside it. */
export function makeEeglab(
  data: readonly number[],
  channels: number,
  { beside, compress = false, littleEndian = true }: EeglabShape = {},
): Buffer {
  const one = (value: number): MadeMat => ({ numbers: [value] });
  return makeMat(
    {
      EEG: {
        structs: [
          {
            setname: "made",
            nbchan: one(channels),
            trials: one(1),
            pnts: one(data.length / channels),
            srate: one(100),
            data: beside ?? { numbers: data, rows: channels, type: "single" },
            chanlocs: { structs: Array.from({ length: channels }, (_, i) => ({ labels: `E${i + 1}` })) },
            event: {
              structs: [
                { type: "go", latency: one(1), duration: one(0) },
                { type: { numbers: [7] }, latency: one(3.5), duration: one(2) },
              ],
            },
          },
        ],
      },
    },
    compress,
    littleEndian,
  );
}

/** `makeEeglab`'s dataset as a MATLAB 7.3 file: HDF5 written to `path`, then 512 bytes before it. */
export async function makeEeglab73(path: string, data: readonly number[], channels: number): Promise<Buffer> {
  await ready;
  const file = new File(path, "w");
  const classed = <T extends Group | Dataset>(object: T, name: string): T => {
    object.create_attribute("MATLAB_class", name);
    return object;
  };
  const text = (into: Group, name: string, value: string) =>
    classed(
      into.create_dataset({ name, data: Uint16Array.from(Buffer.from(value)), shape: [value.length, 1] }),
      "char",
    );
  const number = (into: Group, name: string, value: number) =>
    classed(into.create_dataset({ name, data: Float64Array.of(value), shape: [1, 1] }), "double");
  const eeg = classed(file.create_group("EEG"), "struct");
  const apart = file.create_group("#refs#");
  const structs = (name: string, elements: readonly Record<string, string | number>[]) => {
    const group = classed(eeg.create_group(name), "struct");
    for (const field of Object.keys(elements[0])) {
      const values = elements.map((element, i) => {
        const [id, value] = [`${name} ${field} ${i}`, element[field]];
        return typeof value === "string" ? text(apart, id, value) : number(apart, id, value);
      });
      group.create_dataset({
        name: field,
        data: values.map((value) => value.create_reference()),
        shape: [values.length, 1],
      });
    }
  };
  text(eeg, "setname", "made");
  number(eeg, "nbchan", channels);
  number(eeg, "trials", 1);
  number(eeg, "pnts", data.length / channels);
  number(eeg, "srate", 100);
  const samples = { data: Float32Array.from(data), shape: [data.length / channels, channels] };
  classed(eeg.create_dataset({ name: "data", ...samples }), "single");
  structs(
    "chanlocs",
    Array.from({ length: channels }, (_, i) => ({ labels: `E${i + 1}` })),
  );
  structs("event", [
    { type: "go", latency: 1, duration: 0 },
    { type: 7, latency: 3.5, duration: 2 },
  ]);
  file.close();
  const header = Buffer.alloc(512);
  header.write("MATLAB 7.3 MAT-file, made for a test");
  return Buffer.concat([header, readFileSync(path)]);
}

export const EYELINK = `** CONVERTED FROM made.edf using edfapi 3.1
** TYPE: EDF_FILE BINARY EVENT SAMPLE TAGGED
**

MSG	1000 TRIALID 1
START	1000 	LEFT	SAMPLES	EVENTS
PRESCALER	1
VPRESCALER	1
PUPIL	AREA
EVENTS	GAZE	LEFT	RATE	 500.00	TRACKING	CR	FILTER	2
SAMPLES	GAZE	LEFT	RATE	 500.00	TRACKING	CR	FILTER	2	INPUT
SFIX L   1000
1000	  512.5	  384.0	 1100.0	127.0	...
1002	  513.5	  384.5	 1101.0	127.0	...
1004	  514.5	  385.0	 1102.0	127.0	...
EFIX L   1000	1004	6	  513.5	  384.5	   1101
SBLINK L 1006
1006	   .	   .	    0.0	127.0	C..
EBLINK L 1006	1006	2
ESACC L  1000	1008	10	  512.5	  384.0	  600.0	  390.0	   2.46	    158
BUTTON	1007	1	1
INPUT	1008	127
END	1009 	SAMPLES	EVENTS	RES	  38.5	  37.2
MSG	1500 TRIALID 2
START	1500 	LEFT	SAMPLES	EVENTS
SAMPLES	GAZE	LEFT	RATE	 500.00	TRACKING	CR	FILTER	2	INPUT
1500	  100.0	  200.0	 1000.0	127.0	...
END	1501 	SAMPLES	EVENTS	RES	  38.5	  37.2
`;
