/**
 * Axion's .spk files (AxIS, header version 1.0): entries in the order of a table of types and lengths; spikes are records
 * of 30 bytes and a waveform, by amplifier chip and channel, which the channel array maps to wells and electrodes.
 * Layout as documented in https://github.com/axionbio/AxionFileLoader (AxisFile, EntryRecord, BlockVectorHeader, Spike_v1)
 */
import { SpikeBlocks } from "../../blocks.ts";
import { RecordingError } from "../../contract.ts";
import type { FileChannel, SpikeFile } from "../../cultures/spike-file.ts";
import type { ByteFile } from "../../signals/bytes.ts";

const MAGIC = "AxionBio";
const SLOTS = { first: 123, later: 126 } as const;
const [TERMINATE, CHANNELS, HEADER, DATA, COMBINED] = [0, 2, 3, 4, 7];
const FIRST_SLOT = 34;
const SUBHEADER = 1024;
/** Of a spike: int64 starting sample, uint8 channel, uint8 chip, int32 trigger sample, two doubles. */
const SPIKE_HEADER = 30;
const TO_THE_END = (1n << 56n) - 1n;

export function isAxionSpk(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 8)).toString("latin1") === MAGIC;
}

interface Entry {
  readonly type: number;
  readonly start: number;
  readonly length: number;
}

export function openAxionSpk(file: ByteFile, name: string): SpikeFile {
  const fail = (what: string): never => {
    throw new RecordingError(`${file.path}: ${what}`);
  };
  const entries = entriesOf(file);
  const header = entries.find(({ type }) => type === HEADER);
  const channelEntry = entries.find(({ type }) => type === CHANNELS);
  if (!header || !channelEntry)
    return fail(
      entries.some(({ type }) => type === COMBINED)
        ? "an Axion file of the layout of AxIS Navigator 3.6 and later, which is not known here; export a spike list (.csv)"
        : "expected an Axion file with a header and channels; the file is damaged",
    );
  const facts = file.read(header.start, 64);
  const rate = facts.readDoubleLE(0);
  const perBlock = facts.readUInt32LE(52);
  const samples = facts.readUInt32LE(56);
  const headerBytes = facts.readUInt32LE(60);
  if (!(rate > 0 && rate < 1e7)) fail(`expected a sampling rate, got ${rate}; the file is damaged`);
  if (perBlock !== 1 || headerBytes < SPIKE_HEADER)
    fail("an Axion file of raw voltage, not of spikes; export spikes (.spk) or a spike list (.csv)");
  const data = entries.find(({ type, start }) => type === DATA && start === Number(facts.readBigInt64LE(44)));
  const bytes = headerBytes + 2 * samples;
  if (!data || !(bytes < 1 << 24))
    return fail("expected its spikes where its header says; the file is damaged");
  const channels = channelsOf(file, channelEntry);
  const spikes = new SpikeBlocks();
  for (const { name: label } of channels.values()) spikes.channel(label);
  const end = Math.min(file.length, data.start + data.length);
  try {
    for (let at = data.start; at + bytes <= end; at += bytes) {
      const spike = file.read(at, SPIKE_HEADER);
      const channel = channels.get((spike[9] << 8) | spike[8]);
      if (!channel) fail(`expected a channel of its plate, got chip ${spike[9]}, channel ${spike[8]}`);
      const frame = Number(spike.readBigInt64LE(0)) + spike.readInt32LE(10);
      spikes.add(channel!.name, frame / rate);
    }
  } catch (error) {
    spikes.close();
    throw error;
  }
  const rest = (end - data.start) % bytes;
  const byName = new Map([...channels.values()].map((channel) => [channel.name, channel]));
  file.close();
  return {
    name,
    source: "axion-spk",
    channels: spikes.finish((label) => byName.get(label) ?? {}),
    meta: { samplingRateHz: rate },
    doubts:
      rest === 0 ? [] : [{ kind: "cut-short", message: "the file ends within a spike, which is left out" }],
    readSpikes: (channel) => spikes.read(channel),
    close: () => spikes.close(),
  };
}

function entriesOf(file: ByteFile): Entry[] {
  if (file.length < SUBHEADER)
    throw new RecordingError(`${file.path}: expected a heading of ${SUBHEADER} bytes`);
  const head = file.read(0, SUBHEADER);
  const [major, minor] = [head.readUInt16LE(10), head.readUInt16LE(12)];
  if (major !== 1)
    throw new RecordingError(
      `${file.path}: expected an Axion file of version 1, got ${major}.${minor}; export a spike list (.csv)`,
    );
  let at = Number(head.readBigInt64LE(26));
  let slots = Array.from({ length: SLOTS.first }, (_, i) => head.readBigUInt64LE(FIRST_SLOT + 8 * i));
  const entries: Entry[] = [];
  for (;;) {
    for (const slot of slots) {
      const type = Number(slot >> 56n);
      if (type === TERMINATE) return entries;
      const stated = slot & TO_THE_END;
      const length = stated === TO_THE_END ? file.length - at : Number(stated);
      entries.push({ type, start: at, length });
      at += length;
      if (!(at >= 0 && at <= file.length)) return entries; // cut short: what is there is looked at
    }
    if (at + SUBHEADER > file.length || file.read(at, 8).toString("latin1") !== MAGIC) return entries;
    const next = file.read(at, SUBHEADER);
    slots = Array.from({ length: SLOTS.later }, (_, i) => next.readBigUInt64LE(8 + 8 * i));
    at += SUBHEADER;
  }
}

/** By chip and channel. */
function channelsOf(
  file: ByteFile,
  { start, length }: Entry,
): ReadonlyMap<number, Omit<FileChannel, "spikeCount">> {
  const count = file.read(start, 8).readUInt32LE(4);
  if (8 + 8 * count > length)
    throw new RecordingError(
      `${file.path}: expected ${count} channels in ${length} bytes; the file is damaged`,
    );
  const found = new Map<number, Omit<FileChannel, "spikeCount">>();
  for (let i = 0; i < count; i++) {
    const [wellColumn, wellRow, column, row, chip, channel] = file.read(start + 8 + 8 * i, 8);
    const well = `${String.fromCharCode(64 + wellRow)}${wellColumn}`;
    found.set((chip << 8) | channel, { name: `${well}_${column}${row}`, culture: well, group: well });
  }
  return found;
}
