/**
 * Blackrock's .nev files: spike events of electrodes, sorted into units or not. "File Formats" of Blackrock Microsystems,
 * revisions 2.x (NEURALEV) and 3.0 (BREVENTS, 64-bit times), https://blackrockneurotech.com/wp-content/LB-0023-7.00_NEV_File_Format.pdf
 */
import { SpikeBlocks } from "../../blocks.ts";
import { RecordingError } from "../../contract.ts";
import type { SpikeFile } from "../../cultures/spike-file.ts";
import type { ByteFile } from "../../signals/bytes.ts";

const BASIC = 336;
const EXTENDED = 32;
/** Packets with higher numbers are not of electrodes. */
const MOST_ELECTRODES = 10_000;
const [UNSORTED, NOISE] = [0, 255];

export function isNev(head: Uint8Array): boolean {
  return ["NEURALEV", "BREVENTS"].includes(Buffer.from(head.subarray(0, 8)).toString("latin1"));
}

export function openNev(file: ByteFile, name: string): SpikeFile {
  const fail = (what: string): never => {
    throw new RecordingError(`${file.path}: ${what}; not a whole .nev file`);
  };
  if (file.length < BASIC) fail(`expected a heading of ${BASIC} bytes`);
  const head = Buffer.from(file.read(0, BASIC));
  const timeBytes = head.toString("latin1", 0, 8) === "BREVENTS" ? 8 : 4;
  const [headerBytes, packet, rate, extended] = [12, 16, 20, 332].map((at) => head.readUInt32LE(at));
  if (
    !(rate > 0) ||
    packet < timeBytes + 4 ||
    headerBytes > file.length ||
    BASIC + EXTENDED * extended > headerBytes
  )
    fail(`expected its sizes and clock, got ${headerBytes}, ${packet} and ${rate}`);
  const labels = labelsOf(file, extended);
  const spikes = new SpikeBlocks();
  const about = new Map<string, string>();
  let noise = 0;
  try {
    for (let at = headerBytes; at + packet <= file.length; at += packet) {
      const bytes = file.read(at, timeBytes + 4);
      const frame = timeBytes === 8 ? Number(bytes.readBigUInt64LE(0)) : bytes.readUInt32LE(0);
      const electrode = bytes.readUInt16LE(timeBytes);
      if (electrode === 0 || electrode > MOST_ELECTRODES) continue;
      const unit = bytes[timeBytes + 2];
      if (unit === NOISE) {
        noise++;
        continue;
      }
      const label = labels.get(electrode) ?? `elec${electrode}`;
      const key = `${electrode}\0${unit}`;
      if (!about.has(key)) about.set(key, unit === UNSORTED ? label : `${label}_${unit}`);
      spikes.add(key, frame / rate);
    }
  } catch (error) {
    spikes.close();
    throw error;
  }
  file.close();
  return {
    name,
    source: "blackrock-nev",
    channels: spikes.finish((key) => ({ name: about.get(key) ?? key })),
    meta: { samplingRateHz: head.readUInt32LE(24) || rate },
    doubts:
      noise === 0
        ? []
        : [{ kind: "left-out", message: `${noise} spikes that are marked as noise are left out` }],
    readSpikes: (channel) => spikes.read(channel),
    close: () => spikes.close(),
  };
}

function labelsOf(file: ByteFile, count: number): ReadonlyMap<number, string> {
  const labels = new Map<number, string>();
  for (let i = 0; i < count; i++) {
    const header = file.read(BASIC + EXTENDED * i, EXTENDED);
    if (header.toString("latin1", 0, 8) !== "NEUEVLBL") continue;
    const label = header.toString("latin1", 10, 26).split("\0")[0].trim();
    if (label !== "") labels.set(header.readUInt16LE(8), label);
  }
  return labels;
}
