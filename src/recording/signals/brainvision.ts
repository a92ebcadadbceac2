/**
 * BrainVision recordings (Brain Products): a header (.vhdr, an INI file) that names the samples (.eeg, int16 or float32) and
 * the markers (.vmrk). "BrainVision Core Data Format 1.0", https://www.brainproducts.com/support-resources/brainvision-core-data-format-1-0/
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { RecordingError } from "../contract.ts";
import { ByteFile } from "./bytes.ts";
import type { SignalChannel, SignalEvent, SignalRecording } from "./contract.ts";
import { checkedWindow } from "./window.ts";

const MOST_TEXT = 1 << 26;
const BYTES = { INT_16: 2, INT_32: 4, IEEE_FLOAT_32: 4 } as const;

export function isBrainVision(head: Uint8Array): boolean {
  return /^(\xef\xbb\xbf)?Brain ?Vision Data Exchange Header File/i.test(
    Buffer.from(head).toString("latin1"),
  );
}

type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

function readIni(path: string): Ini {
  if (statSync(path).size > MOST_TEXT) throw new RecordingError(`${path}: expected a small text file`);
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of readFileSync(path, "utf8").split(/\r?\n/)) {
    const heading = /^\[(.+)\]\s*$/.exec(line);
    if (heading) sections.set(heading[1].toLowerCase(), (section = new Map()));
    const at = line.indexOf("=");
    if (at > 0 && !line.startsWith(";"))
      section.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
  }
  return sections;
}

export function openBrainVision(file: ByteFile, name: string): SignalRecording {
  const { path } = file;
  const ini = readIni(path);
  file.close();
  const common = ini.get("common infos") ?? new Map<string, string>();
  const format = (
    ini.get("binary infos")?.get("binaryformat") ?? "INT_16"
  ).toUpperCase() as keyof typeof BYTES;
  const count = Number(common.get("numberofchannels"));
  const intervalUs = Number(common.get("samplinginterval"));
  const beside = (key: string) => {
    const named = (common.get(key) ?? "").replaceAll("$b", basename(path).replace(/\.[^.]*$/, ""));
    return named === "" ? undefined : join(dirname(path), basename(named.replaceAll("\\", "/")));
  };
  const dataPath = beside("datafile");
  if (!(format in BYTES) || !(count >= 1 && count <= 65_536) || !(intervalUs > 0) || !dataPath)
    throw new RecordingError(
      `${path}: expected DataFile, NumberOfChannels, SamplingInterval and BinaryFormat INT_16, INT_32 or IEEE_FLOAT_32, got ${count}, ${intervalUs} and ${format}`,
    );
  if ((common.get("dataformat") ?? "BINARY").toUpperCase() !== "BINARY")
    throw new RecordingError(
      `${path}: expected binary samples, got ${common.get("dataformat")}; export them as binary`,
    );
  if (!existsSync(dataPath))
    throw new RecordingError(`${path}: expected its samples in ${dataPath}, which is not there`);
  const data = new ByteFile(dataPath);
  const bytes = BYTES[format];
  const vectorized = /^VECTORIZED$/i.test(common.get("dataorientation") ?? "");
  const samples = Math.floor(data.length / (bytes * count));
  const rateHz = 1e6 / intervalUs;
  const infos = Array.from({ length: count }, (_, c) =>
    (ini.get("channel infos")?.get(`ch${c + 1}`) ?? "").split(","),
  );
  const gains = infos.map(([, , resolution = ""]) => (resolution.trim() === "" ? 1 : Number(resolution)));
  const channels = infos.map(
    ([label = "", , , unit = ""], c): SignalChannel => ({
      label: label.replaceAll("\\1", ",") || `channel ${c + 1}`,
      unit: unit.trim().replace(/^[µμ\ufffd]V$/, "uV") || "uV",
      rateHz,
      samples,
    }),
  );
  const markers = beside("markerfile");
  const valueAt = (row: Buffer, at: number) =>
    format === "INT_16"
      ? row.readInt16LE(at)
      : format === "INT_32"
        ? row.readInt32LE(at)
        : row.readFloatLE(at);
  return {
    name,
    source: "brainvision",
    preparation: "person",
    durationSeconds: samples / rateHz,
    channels,
    meta: {},
    *events() {
      if (markers && existsSync(markers)) yield* markersOf(readIni(markers), rateHz);
    },
    read: (start, length, wanted) => {
      const chosen = checkedWindow(name, channels, { start, count: length, wanted });
      const out = new Float64Array(chosen.length * length);
      if (vectorized)
        for (const [row, channel] of chosen.entries())
          for (let i = 0; i < length; i++) {
            const at = (channel * samples + start + i) * bytes;
            out[row * length + i] = valueAt(data.read(at, bytes), 0) * gains[channel];
          }
      else
        for (let i = 0; i < length; i++) {
          const frame = data.read((start + i) * count * bytes, count * bytes);
          for (const [row, channel] of chosen.entries())
            out[row * length + i] = valueAt(frame, channel * bytes) * gains[channel];
        }
      return out;
    },
    close: () => data.close(),
  };
}

/** `Mk1=Stimulus,S  1,1001,1,0`: kind, description, position from 1, length, channel. */
function* markersOf(ini: Ini, rateHz: number): Generator<SignalEvent> {
  for (const [key, value] of ini.get("marker infos") ?? []) {
    if (!/^mk\d+$/.test(key)) continue;
    const [kind = "", label = "", position = "", length = ""] = value.split(",");
    const at = Number(position);
    if (!(at >= 1)) continue;
    yield {
      seconds: (at - 1) / rateHz,
      durationSeconds: Number(length) > 1 ? Number(length) / rateHz : 0,
      kind: kind.toLowerCase(),
      label: label.replaceAll("\\1", ","),
    };
  }
}
