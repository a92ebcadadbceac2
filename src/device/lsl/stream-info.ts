/**
 * What a stream of the Lab Streaming Layer says of itself: an XML document `<info>` with a fixed set of fields.
 * https://labstreaminglayer.readthedocs.io/info/intro.html, https://github.com/sccn/liblsl (stream info)
 */
import { PacketFault } from "../lost.ts";

export const FORMATS = ["float32", "double64", "string", "int32", "int16", "int8", "int64"] as const;
export type Format = (typeof FORMATS)[number];

export interface StreamInfo {
  readonly name: string;
  /** What is measured: EEG, Gaze, Markers, ... */
  readonly type: string;
  readonly channels: number;
  readonly format: Format;
  /** 0: irregular. */
  readonly samplesPerSecond: number;
  readonly sourceId: string;
  readonly uid: string;
  readonly hostname: string;
  readonly dataPort: number;
  /** UDP, for time and queries. */
  readonly servicePort: number;
  readonly createdAtS: number;
}

const MAX_CHANNELS = 65_535;
const MAX_RATE_HZ = 1e6;
const MAX_BYTES = 1 << 20;

export function writeInfo(info: StreamInfo): string {
  const fields = {
    name: info.name,
    type: info.type,
    channel_count: info.channels,
    channel_format: info.format,
    source_id: info.sourceId,
    nominal_srate: info.samplesPerSecond,
    version: "1.1",
    created_at: info.createdAtS,
    uid: info.uid,
    session_id: "default",
    hostname: info.hostname,
    v4address: "",
    v4data_port: info.dataPort,
    v4service_port: info.servicePort,
    v6address: "",
    v6data_port: 0,
    v6service_port: 0,
  };
  const lines = Object.entries(fields).map(([tag, value]) => `\t<${tag}>${escapeXml(`${value}`)}</${tag}>`);
  return `<?xml version="1.0"?>\n<info>\n${lines.join("\n")}\n\t<desc />\n</info>\n`;
}

/** Reads a short or full info; what is in `<desc>` is left aside. */
export function readInfo(xml: string): StreamInfo {
  if (xml.length > MAX_BYTES) throw new PacketFault(`expected a stream's info, got ${xml.length} bytes`);
  const head = xml.replace(/<desc>.*<\/desc>/s, "");
  if (!/<info>/.test(head)) throw new PacketFault("expected a stream's info in XML, got something else");
  const text = (tag: string) =>
    unescapeXml(new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(head)?.[1] ?? "").trim();
  const number = (tag: string, max: number, whole = true) => {
    const value = Number(text(tag) || Number.NaN);
    if (!(value >= 0 && value <= max) || (whole && !Number.isInteger(value)))
      throw new PacketFault(
        `stream info: expected ${tag} from 0 to ${max}, got ${JSON.stringify(text(tag))}`,
      );
    return value;
  };
  const format = FORMATS.find((known) => known === text("channel_format"));
  if (!format)
    throw new PacketFault(`stream info: unknown channel_format ${JSON.stringify(text("channel_format"))}`);
  const [name, uid] = [text("name"), text("uid")];
  if (name === "" || !/^[\w.-]{1,128}$/.test(uid))
    throw new PacketFault("stream info: expected a name and a uid, got none");
  return {
    name,
    type: text("type"),
    format,
    uid,
    sourceId: text("source_id"),
    hostname: text("hostname"),
    channels: number("channel_count", MAX_CHANNELS),
    samplesPerSecond: number("nominal_srate", MAX_RATE_HZ, false),
    dataPort: number("v4data_port", 65_535),
    servicePort: number("v4service_port", 65_535),
    createdAtS: number("created_at", Number.MAX_SAFE_INTEGER, false),
  };
}

/** Whether a stream answers a query such as `name='x' and type='EEG'`; a query it cannot read it does not answer. */
export function matchesQuery(info: StreamInfo, query: string): boolean {
  const fields: Record<string, string> = {
    name: info.name,
    type: info.type,
    source_id: info.sourceId,
    uid: info.uid,
    session_id: "default",
    hostname: info.hostname,
    channel_count: `${info.channels}`,
    channel_format: info.format,
  };
  if (query.trim() === "") return true;
  return query.split(/\s+and\s+/).every((part) => {
    const match = /^\s*(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)")\s*$/.exec(part);
    return match !== null && fields[match[1]] === (match[2] ?? match[3]);
  });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (sign) => (sign === "&" ? "&amp;" : sign === "<" ? "&lt;" : "&gt;"));
}

function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]);
}
