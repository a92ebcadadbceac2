/** Small files of the formats that are read, made for tests from the formats' definitions. */

import { deflateRawSync } from "node:zlib";

/** A ZIP archive; every other entry is deflated. */
export function makeZip(entries: readonly (readonly [name: string, content: Buffer])[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  entries.forEach(([name, content], i) => {
    const packed = i % 2 ? deflateRawSync(content) : content;
    const facts = Buffer.alloc(26); // from the version to the length of the extra field
    facts.writeUInt16LE(i % 2 ? 8 : 0, 4);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(name.length, 22);
    local.push(Buffer.concat([uint32(0x04034b50), facts, Buffer.from(name), packed]));
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([uint32(0x02014b50), int16(20), facts, rest, Buffer.from(name)]));
    offset += local.at(-1)!.length;
  });
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, uint32(0x06054b50), end]);
}

/** NumPy's .npy, version 1. */
export function makeNpy(
  type: "<i8" | "<u8" | "<i4" | "<u2" | "<f8",
  values: readonly number[],
  shape = `${values.length},`,
): Buffer {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`;
  const head = Buffer.from(`${text.padEnd(118 - 1)}\n`, "latin1");
  const prefix = Buffer.from("\x93NUMPY\x01\0\0\0", "latin1");
  prefix.writeUInt16LE(head.length, 8);
  const bytes = Number(type[2]);
  const data = Buffer.alloc(bytes * values.length);
  values.forEach((value, i) => {
    if (type === "<f8") data.writeDoubleLE(value, 8 * i);
    else if (bytes === 8) data.writeBigInt64LE(BigInt(value), 8 * i);
    else data.writeUIntLE(value, bytes * i, bytes);
  });
  return Buffer.concat([prefix, head, data]);
}

const qString = (text: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length * 2);
  return Buffer.concat([length, Buffer.from(text, "utf16le")]);
};
const int16 = (...values: number[]) => Buffer.from(Int16Array.from(values).buffer);
const uint32 = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
const float = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);
const double = (...values: number[]) => Buffer.from(Float64Array.from(values).buffer);

export interface IntanFacts {
  readonly stimulating?: boolean;
  /** Steps of 0.195 uV, by channel; whole blocks. */
  readonly channels: Readonly<Record<string, readonly number[]>>;
  readonly rateHz?: number;
  readonly version?: number;
}

/** Intan .rhd or .rhs with amplifier channels, one ADC channel and a digital input. */
export function makeIntan({
  stimulating = false,
  channels,
  rateHz = 30_000,
  version = 3,
}: IntanFacts): Buffer {
  const channel = (name: string, kind: number) =>
    Buffer.concat([
      qString(name),
      qString(name),
      int16(0, 0, kind, 1, 0, ...(stimulating ? [0] : []), 0, 0, 0, 0, 0),
      float(0, 0),
    ]);
  const names = Object.keys(channels);
  const listed = [...names.map((name) => channel(name, 0)), channel("ADC-00", 3), channel("DIN-00", 5)];
  const filters = stimulating
    ? [float(1, 1, 1, 1, 1, 1, 1, 1), int16(0), float(1000, 1000), int16(0, 0), float(1e-6, 1e-9, 0)]
    : [float(1, 1, 1, 1, 1, 1), int16(0), float(1000, 1000)];
  const head = Buffer.concat([
    uint32(stimulating ? 0xd69127ac : 0xc6912702),
    int16(version, 3),
    float(rateHz),
    int16(1),
    ...filters,
    qString("a culture"),
    qString(""),
    qString(""),
    int16(0, 0), // temperature sensors, board mode; or DC samples, board mode
    ...(version >= 2 || stimulating ? [qString("ref")] : []),
    int16(1),
    qString("Port A"),
    qString("A"),
    int16(1, listed.length, names.length),
    ...listed,
  ]);
  const perBlock = stimulating || version >= 2 ? 128 : 60;
  const [first = []] = Object.values(channels);
  const blocks = Array.from({ length: first.length / perBlock }, (_, block) =>
    Buffer.concat([
      Buffer.from(Int32Array.from({ length: perBlock }, (_, i) => block * perBlock + i).buffer),
      ...Object.values(channels).map((steps) =>
        Buffer.from(
          Uint16Array.from(steps.slice(block * perBlock, (block + 1) * perBlock), (step) => step + 32_768)
            .buffer,
        ),
      ),
      Buffer.alloc(stimulating ? 2 * perBlock * names.length : 0), // stimulation
      Buffer.alloc(2 * perBlock), // ADC
      Buffer.alloc(2 * perBlock), // digital inputs
    ]),
  );
  return Buffer.concat([head, ...blocks]);
}

export interface XdfStreamFacts {
  readonly name: string;
  readonly rateHz: number;
  /** Rows of numbers (float32), or texts. */
  readonly samples: readonly (readonly number[] | string)[];
  /** A time for each sample that has one. */
  readonly times: readonly (number | undefined)[];
  /** Measured clock offsets: the stream's time, what to add. */
  readonly offsets: readonly (readonly [time: number, value: number])[];
  readonly labels?: readonly string[];
}

/** XDF 1.0. */
export function makeXdf(streams: readonly XdfStreamFacts[], perChunk = 64): Buffer {
  const chunk = (tag: number, ...content: Buffer[]) => {
    const body = Buffer.concat([int16(tag), ...content]);
    return Buffer.concat([Buffer.from([4]), uint32(body.length), body]);
  };
  const out = [
    Buffer.from("XDF:"),
    chunk(1, Buffer.from('<?xml version="1.0"?><info><version>1.0</version></info>')),
  ];
  streams.forEach(({ name, rateHz, samples, labels = [] }, id) => {
    const texts = typeof samples[0] === "string";
    const channels = texts ? 1 : (samples[0]?.length ?? 1);
    const described = labels
      .map((label) => `<channel><label>${label}</label><unit>microvolts</unit></channel>`)
      .join("");
    out.push(
      chunk(
        2,
        uint32(id + 1),
        Buffer.from(
          `<?xml version="1.0"?><info><name>${name}</name><channel_count>${channels}</channel_count><nominal_srate>${rateHz}</nominal_srate><channel_format>${texts ? "string" : "float32"}</channel_format><desc><channels>${described}</channels></desc></info>`,
        ),
      ),
    );
  });
  streams.forEach(({ samples, times, offsets }, id) => {
    for (const [time, value] of offsets) out.push(chunk(4, uint32(id + 1), double(time, value)));
    for (let from = 0; from < samples.length; from += perChunk) {
      const part = samples.slice(from, from + perChunk);
      const content = part.flatMap((sample, i) => {
        const time = times[from + i];
        const stamp = time === undefined ? [Buffer.from([0])] : [Buffer.from([8]), double(time)];
        if (typeof sample !== "string") return [...stamp, float(...sample)];
        const text = Buffer.from(sample);
        return [...stamp, Buffer.from([1, text.length]), text];
      });
      out.push(chunk(3, uint32(id + 1), Buffer.from([4]), uint32(part.length), ...content));
    }
  });
  return Buffer.concat(out);
}

/** Blackrock .nev 2.3 or 3.0: `[tick, electrode, unit]` at 30 kHz. */
export function makeNev(
  spikes: readonly (readonly [number, number, number])[],
  labels: Readonly<Record<number, string>> = {},
  wide = false,
): Buffer {
  const extended = Object.entries(labels).map(([electrode, label]) => {
    const header = Buffer.alloc(32);
    header.write("NEUEVLBL", 0, "latin1");
    header.writeUInt16LE(Number(electrode), 8);
    header.write(label, 10, "latin1");
    return header;
  });
  const head = Buffer.alloc(336);
  head.write(wide ? "BREVENTS" : "NEURALEV", 0, "latin1");
  const packet = 104;
  [336 + 32 * extended.length, packet, 30_000, 30_000].forEach(
    (value, i) => void head.writeUInt32LE(value, 12 + 4 * i),
  );
  head.writeUInt32LE(extended.length, 332);
  const data = spikes.map(([tick, electrode, unit]) => {
    const bytes = Buffer.alloc(packet);
    if (wide) bytes.writeBigUInt64LE(BigInt(tick));
    else bytes.writeUInt32LE(tick);
    bytes.writeUInt16LE(electrode, wide ? 8 : 4);
    bytes[wide ? 10 : 6] = unit;
    return bytes;
  });
  return Buffer.concat([head, ...extended, ...data]);
}

/** NeuroExplorer .nex: neurons' ticks at 40 kHz. */
export function makeNex(neurons: Readonly<Record<string, readonly number[]>>, end: number): Buffer {
  const names = Object.keys(neurons);
  const head = Buffer.alloc(544);
  head.write("NEX1", 0, "latin1");
  head.writeDoubleLE(40_000, 264);
  [0, end, names.length + 1].forEach((value, i) => void head.writeInt32LE(value, 272 + 4 * i));
  let offset = 544 + 208 * (names.length + 1);
  const variable = (kind: number, name: string, count: number) => {
    const bytes = Buffer.alloc(208);
    bytes.writeInt32LE(kind, 0);
    bytes.write(name, 8, "latin1");
    bytes.writeInt32LE(offset, 72);
    bytes.writeInt32LE(count, 76);
    return bytes;
  };
  const variables = [variable(1, "an event", 0)];
  for (const name of names) {
    variables.push(variable(0, name, neurons[name].length));
    offset += 4 * neurons[name].length;
  }
  return Buffer.concat([
    head,
    ...variables,
    ...names.map((name) => Buffer.from(Int32Array.from(neurons[name]).buffer)),
  ]);
}

export interface SpkSpike {
  readonly frame: number;
  readonly trigger: number;
  readonly chip: number;
  readonly channel: number;
}

/** Axion .spk 1.0 at 12.5 kHz; each channel: well column and row, electrode column and row, chip, channel. */
export function makeAxionSpk(
  channels: readonly (readonly number[])[],
  spikes: readonly SpkSpike[],
  samples = 38,
): Buffer {
  const array = Buffer.concat([
    uint32(16, channels.length),
    ...channels.map((place) => Buffer.from([...place, 0, 0])),
  ]);
  const header = Buffer.alloc(64);
  const data = Buffer.concat(
    spikes.map(({ frame, trigger, chip, channel }) => {
      const bytes = Buffer.alloc(30 + 2 * samples);
      bytes.writeBigInt64LE(BigInt(frame));
      bytes[8] = channel;
      bytes[9] = chip;
      bytes.writeInt32LE(trigger, 10);
      return bytes;
    }),
  );
  const notes = Buffer.alloc(600);
  const first = 1024 + notes.length + array.length + header.length;
  header.writeDoubleLE(12_500, 0);
  header.writeDoubleLE(6.5e-8, 8);
  header.writeBigInt64LE(BigInt(first), 44);
  [1, samples, 30].forEach((value, i) => void header.writeUInt32LE(value, 52 + 4 * i));
  const head = Buffer.alloc(1024);
  head.write("AxionBio", 0, "latin1");
  [1, 1, 0].forEach((value, i) => void head.writeUInt16LE(value, 8 + 2 * i));
  head.writeBigInt64LE(1024n, 14);
  head.writeUInt32LE(600, 22);
  head.writeBigInt64LE(1024n, 26);
  const entries = [
    [1, notes.length],
    [2, array.length],
    [3, header.length],
    [4, data.length],
    [0, 0],
  ];
  entries.forEach(
    ([type, length], i) =>
      void head.writeBigUInt64LE((BigInt(type ?? 0) << 56n) | BigInt(length ?? 0), 34 + 8 * i),
  );
  return Buffer.concat([head, notes, array, header, data]);
}

/** Two 12-bit samples in three bytes, as WFDB's format 212 has them. */
export function packed212(values: readonly number[]): Buffer {
  const bytes: number[] = [];
  for (let i = 0; i < values.length; i += 2) {
    const [a, b] = [values[i] & 0xfff, (values[i + 1] ?? 0) & 0xfff];
    bytes.push(a & 0xff, ((b >> 8) << 4) | (a >> 8), b & 0xff);
  }
  return Buffer.from(bytes);
}
