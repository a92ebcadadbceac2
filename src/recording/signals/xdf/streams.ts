/** The chunks of an XDF file by stream: headings, clock offsets, and where samples lie. */
import { RecordingError } from "../../contract.ts";
import type { ByteFile } from "../bytes.ts";

export type XdfType = "float32" | "double64" | "string" | "int8" | "int16" | "int32" | "int64";
export const XDF_BYTES = {
  float32: 4,
  double64: 8,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  string: 0,
} as const;

export interface XdfChunk {
  readonly from: number;
  readonly to: number;
}

export interface XdfStream {
  readonly name: string;
  readonly type: XdfType;
  readonly channels: number;
  /** 0 where samples come at any time. */
  readonly rateHz: number;
  readonly labels: readonly string[];
  readonly units: readonly string[];
  readonly chunks: XdfChunk[];
  readonly offsets: { readonly time: number; readonly value: number }[];
  /** From the stream's clock to the recorder's. */
  clock(seconds: number): number;
}

const TAGS = {
  fileHeader: 1,
  streamHeader: 2,
  samples: 3,
  clockOffset: 4,
  boundary: 5,
  streamFooter: 6,
} as const;
/** A heading is some text; one longer than this is damage. */
const MOST_HEADING = 1 << 24;
const MOST_CHANNELS = 65_536;

/** `cut`: the file ends within a chunk. */
export function xdfStreams(file: ByteFile): { streams: XdfStream[]; cut: boolean } {
  const streams = new Map<number, XdfStream>();
  let cut = false;
  for (let at = 4; at < file.length; ) {
    const length = readLength(file, at);
    if (length === undefined || at + length.bytes + length.value > file.length || length.value < 2) {
      cut = true;
      break;
    }
    const from = at + length.bytes;
    const to = from + length.value;
    const tag = file.read(from, 2).readUInt16LE(0);
    const hasStream = tag !== TAGS.fileHeader && tag !== TAGS.boundary;
    const id = hasStream && length.value >= 6 ? file.read(from + 2, 4).readUInt32LE(0) : -1;
    if (tag === TAGS.streamHeader) {
      if (length.value > MOST_HEADING)
        throw new RecordingError(`${file.path}: a heading of ${length.value} bytes; the file is damaged`);
      streams.set(id, streamOf(file.read(from + 6, to - from - 6).toString("utf8"), file.path));
    } else if (tag === TAGS.samples) streams.get(id)?.chunks.push({ from: from + 6, to });
    else if (tag === TAGS.clockOffset && length.value >= 22) {
      const bytes = file.read(from + 6, 16);
      streams.get(id)?.offsets.push({ time: bytes.readDoubleLE(0), value: bytes.readDoubleLE(8) });
    }
    at = to;
  }
  if (streams.size === 0) throw new RecordingError(`${file.path}: an XDF file without streams`);
  return { streams: [...streams.values()], cut };
}

/** A number with its own length before it: 1, 4 or 8 bytes. */
export function readLength(file: ByteFile, at: number): { value: number; bytes: number } | undefined {
  if (at + 1 > file.length) return undefined;
  const width = file.read(at, 1)[0];
  if ((width !== 1 && width !== 4 && width !== 8) || at + 1 + width > file.length) return undefined;
  const bytes = file.read(at + 1, width);
  const value =
    width === 1 ? bytes[0] : width === 4 ? bytes.readUInt32LE(0) : Number(bytes.readBigUInt64LE(0));
  return { value, bytes: 1 + width };
}

function streamOf(xml: string, path: string): XdfStream {
  const text = (tag: string, within = xml) =>
    unescapeXml(new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(within)?.[1]?.trim() ?? "");
  const all = (tag: string) => {
    const channels = xml.split("<channel>").slice(1);
    return channels.map((channel) => text(tag, channel.split("</channel>")[0]));
  };
  const type = text("channel_format") as XdfType;
  const channels = Number(text("channel_count"));
  const rateHz = Number(text("nominal_srate"));
  if (
    !(type in XDF_BYTES) ||
    !(Number.isInteger(channels) && channels >= 1 && channels <= MOST_CHANNELS) ||
    !(rateHz >= 0)
  )
    throw new RecordingError(
      `${path}: expected a stream's channel_format, channel_count and nominal_srate, got "${type}", ${channels} and ${rateHz}`,
    );
  const offsets: { time: number; value: number }[] = [];
  let line: ((seconds: number) => number) | undefined;
  return {
    name: text("name"),
    type,
    channels,
    rateHz,
    labels: all("label"),
    units: all("unit").map((unit) => (unit === "microvolts" ? "uV" : unit)),
    chunks: [],
    offsets,
    clock: (seconds) => (line ??= fittedClock(offsets))(seconds),
  };
}

/** Clocks drift apart at a steady pace: a straight line through the offsets that were measured. */
function fittedClock(offsets: readonly { time: number; value: number }[]): (seconds: number) => number {
  const sound = offsets.filter(({ time, value }) => Number.isFinite(time) && Number.isFinite(value));
  if (sound.length === 0) return (seconds) => seconds;
  const mean = (of: (offset: { time: number; value: number }) => number) =>
    sound.reduce((sum, offset) => sum + of(offset), 0) / sound.length;
  const [time, value] = [mean((offset) => offset.time), mean((offset) => offset.value)];
  const spread = sound.reduce((sum, offset) => sum + (offset.time - time) ** 2, 0);
  const together = sound.reduce((sum, offset) => sum + (offset.time - time) * (offset.value - value), 0);
  const slope = spread > 0 ? together / spread : 0;
  return (seconds) => seconds + value + slope * (seconds - time);
}

function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => named[name] ?? "");
}
