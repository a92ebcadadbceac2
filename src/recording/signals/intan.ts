/**
 * Intan RHX recordings in one file: .rhd (recording) and .rhs (stimulation), amplifier samples as int16 around 32768 in
 * steps of 0.195 uV, in blocks of 60 (before version 2) or 128 samples. "RHD2000 Application Note: Data File Formats" and
 * "RHS Data File Formats", https://intantech.com/files/Intan_RHD2000_data_file_formats.pdf,
 * https://intantech.com/files/Intan_RHS2000_data_file_formats.pdf
 */
import { type Doubt, RecordingError } from "../contract.ts";
import type { ByteFile } from "./bytes.ts";
import type { SignalChannel, SignalRecording } from "./contract.ts";
import { checkedWindow } from "./window.ts";

const [RHD, RHS] = [0xc6912702, 0xd69127ac];
const UV_PER_STEP = 0.195;
const ZERO = 32_768;
/** More are on no controller. */
const MOST_CHANNELS = 4096;

export function isIntan(head: Uint8Array): boolean {
  if (head.length < 8) return false;
  const magic = Buffer.from(head.buffer, head.byteOffset, 4).readUInt32LE(0);
  return magic === RHD || magic === RHS;
}

interface Layout {
  readonly stimulating: boolean;
  readonly rateHz: number;
  readonly labels: readonly string[];
  readonly notes: readonly string[];
  readonly samplesPerBlock: number;
  readonly blockBytes: number;
  /** Of the amplifier's samples in a block: all samples of the first channel, then of the next. */
  readonly amplifierOffset: number;
  readonly start: number;
}

export function openIntan(file: ByteFile, name: string): SignalRecording {
  const layout = layoutOf(file);
  const { rateHz, labels, samplesPerBlock, blockBytes, start } = layout;
  const blocks = Math.floor((file.length - start) / blockBytes);
  const rest = (file.length - start) % blockBytes;
  const samples = blocks * samplesPerBlock;
  const channels = labels.map((label): SignalChannel => ({ label, unit: "uV", rateHz, samples }));
  const doubts: Doubt[] =
    rest === 0
      ? []
      : [
          {
            kind: "cut-short",
            message: `the last block is cut short: ${rest} of ${blockBytes} bytes, left out`,
          },
        ];
  const description = layout.notes.filter(Boolean).join("; ");
  return {
    name,
    source: layout.stimulating ? "intan-rhs" : "intan-rhd",
    startSeconds: blocks > 0 ? file.read(start, 4).readInt32LE(0) / rateHz : 0,
    durationSeconds: samples / rateHz,
    channels,
    meta: description === "" ? {} : { description },
    doubts,
    *events() {},
    read: (from, count, wanted) => {
      const chosen = checkedWindow(name, channels, { start: from, count, wanted });
      const out = new Float64Array(chosen.length * count);
      for (let at = from; at < from + count; ) {
        const block = Math.floor(at / samplesPerBlock);
        const first = at % samplesPerBlock;
        const length = Math.min(samplesPerBlock - first, from + count - at);
        for (const [row, channel] of chosen.entries()) {
          const place =
            start + block * blockBytes + layout.amplifierOffset + 2 * (channel * samplesPerBlock + first);
          const bytes = file.read(place, 2 * length);
          for (let i = 0; i < length; i++)
            out[row * count + at - from + i] = (bytes.readUInt16LE(2 * i) - ZERO) * UV_PER_STEP;
        }
        at += length;
      }
      return out;
    },
    close: () => file.close(),
  };
}

/** Fields of the heading, one after another. */
class Fields {
  constructor(
    private readonly file: ByteFile,
    public at = 0,
  ) {}
  private take(bytes: number): Buffer {
    this.at += bytes;
    return this.file.read(this.at - bytes, bytes);
  }
  int16 = () => this.take(2).readInt16LE(0);
  uint32 = () => this.take(4).readUInt32LE(0);
  float = () => this.take(4).readFloatLE(0);
  skip(bytes: number): void {
    this.at += bytes;
  }
  /** Qt's strings: bytes of UTF-16 that follow, or none. */
  text(): string {
    const bytes = this.uint32();
    if (bytes === 0xffffffff || bytes === 0) return "";
    if (bytes > 65_536 || bytes % 2 === 1)
      throw new RecordingError(
        `${this.file.path}: expected a text of some bytes, got ${bytes}; the file is damaged`,
      );
    return Buffer.from(this.take(bytes)).toString("utf16le");
  }
}

/** Kinds of signals in the heading, by their number there. */
const KINDS = { amplifier: 0, auxiliary: 1, supply: 2, adc: 3, dac: 4, digitalIn: 5, digitalOut: 6 } as const;
type Counts = Record<keyof typeof KINDS, number>;

function layoutOf(file: ByteFile): Layout {
  const fields = new Fields(file);
  const stimulating = fields.uint32() === RHS;
  const [major, minor] = [fields.int16(), fields.int16()];
  const rateHz = fields.float();
  if (!(rateHz > 0 && rateHz < 1e6))
    throw new RecordingError(`${file.path}: expected a sampling rate, got ${rateHz} Hz; the file is damaged`);
  // Filters and impedance tests, which samples do not depend on.
  fields.skip(stimulating ? 2 + 8 * 4 + 2 + 2 * 4 + 2 + 2 + 3 * 4 : 2 + 6 * 4 + 2 + 2 * 4);
  const notes = [fields.text(), fields.text(), fields.text()];
  let temperatures = 0;
  let dcSaved = false;
  if (stimulating) {
    dcSaved = fields.int16() !== 0;
    fields.skip(2); // board mode
    fields.text();
  } else {
    const since = (wantedMajor: number, wantedMinor: number) =>
      major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
    if (since(1, 1)) temperatures = fields.int16();
    if (since(1, 3)) fields.skip(2); // board mode
    if (since(2, 0)) fields.text();
  }
  const { labels, counts } = signals(fields, file.path, stimulating);
  const samplesPerBlock = stimulating || major >= 2 ? 128 : 60;
  return {
    stimulating,
    rateHz,
    labels,
    notes,
    samplesPerBlock,
    amplifierOffset: 4 * samplesPerBlock,
    blockBytes: blockBytes(counts, { stimulating, dcSaved, temperatures, samplesPerBlock }),
    start: fields.at,
  };
}

function signals(fields: Fields, path: string, stimulating: boolean): { labels: string[]; counts: Counts } {
  const labels: string[] = [];
  const counts = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, 0])) as Counts;
  const groups = fields.int16();
  let all = 0;
  for (let group = 0; group < groups; group++) {
    fields.text();
    fields.text();
    const enabled = fields.int16();
    const channels = fields.int16();
    fields.skip(2); // amplifier channels among them
    if (enabled <= 0) continue;
    for (let channel = 0; channel < channels; channel++) {
      if (++all > MOST_CHANNELS)
        throw new RecordingError(`${path}: expected at most ${MOST_CHANNELS} channels; the file is damaged`);
      const native = fields.text();
      const custom = fields.text();
      fields.skip(4); // native and custom order
      const kind = fields.int16();
      const recorded = fields.int16() !== 0;
      fields.skip(2); // chip channel
      if (stimulating) fields.skip(2); // command stream
      fields.skip(2 + 4 * 2 + 2 * 4); // board stream, trigger, impedance
      const name = Object.keys(KINDS).find((key) => KINDS[key as keyof Counts] === kind) as
        | keyof Counts
        | undefined;
      if (!name)
        throw new RecordingError(
          `${path}: expected a kind of signal from 0 to 6, got ${kind}; the file is damaged`,
        );
      if (!recorded) continue;
      counts[name]++;
      if (name === "amplifier") labels.push(custom || native);
    }
  }
  return { labels, counts };
}

interface BlockFacts {
  readonly stimulating: boolean;
  readonly dcSaved: boolean;
  readonly temperatures: number;
  readonly samplesPerBlock: number;
}

function blockBytes(
  { amplifier, auxiliary, supply, adc, dac, digitalIn, digitalOut }: Counts,
  { stimulating, dcSaved, temperatures, samplesPerBlock }: BlockFacts,
): number {
  const words = (count: number) => 2 * samplesPerBlock * count;
  const digital = words((digitalIn > 0 ? 1 : 0) + (digitalOut > 0 ? 1 : 0));
  const common = 4 * samplesPerBlock + words(amplifier + adc) + digital;
  if (stimulating) return common + words((dcSaved ? 2 : 1) * amplifier + dac);
  return common + words(auxiliary) / 4 + 2 * (supply + temperatures);
}
