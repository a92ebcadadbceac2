/**
 * The four packets of the CL1's UDP interface, all little-endian, each beginning with microseconds since 1970 (u64):
 * stimulation (72 bytes: f32[8] Hz, f32[8] uA), spikes (40: f32[8] counts), feedback (120: u8 type, u8 n, u8[64]
 * channels padded with 255, u32 Hz, f32 uA, u32 pulses, u8 unpredictable, char[32] name, 1 pad) and events (u32
 * length, JSON). No sequence number, no answer, no authentication. https://github.com/SeanCole02/doom-neuron
 */
import { PacketFault } from "../lost.ts";

export const SETS = 8;
const STIMULATION_BYTES = 72;
const SPIKES_BYTES = 40;
const FEEDBACK_BYTES = 120;
const FEEDBACK_CHANNELS = 64;
const FEEDBACK_NAME_BYTES = 32;
const UNUSED = 0xff;
/** More spikes in one packet are no count. */
const MAX_COUNT = 100_000;
/** More pulses a second than any interface sends. */
const MAX_RATE_HZ = 1000;
const MAX_CURRENT_UA = 100;
const MAX_PULSES = 100_000;

export interface StimulationPacket {
  readonly timeUs: number;
  readonly ratesHz: readonly number[];
  readonly currentsUa: readonly number[];
}

export interface SpikesPacket {
  readonly timeUs: number;
  readonly counts: readonly number[];
}

export type FeedbackKind = "interrupt" | "event" | "reward";
const KINDS: readonly FeedbackKind[] = ["interrupt", "event", "reward"];

export interface FeedbackPacket {
  readonly timeUs: number;
  readonly kind: FeedbackKind;
  readonly channels: readonly number[];
  readonly rateHz: number;
  readonly currentUa: number;
  readonly pulses: number;
  readonly unpredictable: boolean;
  readonly name: string;
}

export interface EventPacket {
  readonly timeUs: number;
  readonly type: string;
  readonly data: unknown;
}

export function encodeStimulation({ timeUs, ratesHz, currentsUa }: StimulationPacket): Uint8Array {
  const bytes = headed(STIMULATION_BYTES, timeUs);
  [...ratesHz, ...currentsUa].forEach((value, i) => void bytes.writeFloatLE(value, 8 + 4 * i));
  return bytes;
}

export function decodeStimulation(packet: Uint8Array): StimulationPacket {
  const bytes = sized(packet, STIMULATION_BYTES, "stimulation");
  return {
    timeUs: timeOf(bytes),
    ratesHz: floats(bytes, 8, SETS, RATE),
    currentsUa: floats(bytes, 8 + 4 * SETS, SETS, CURRENT),
  };
}

export function encodeSpikes({ timeUs, counts }: SpikesPacket): Uint8Array {
  const bytes = headed(SPIKES_BYTES, timeUs);
  counts.forEach((count, i) => void bytes.writeFloatLE(count, 8 + 4 * i));
  return bytes;
}

export function decodeSpikes(packet: Uint8Array): SpikesPacket {
  const bytes = sized(packet, SPIKES_BYTES, "spikes");
  const counts = floats(bytes, 8, SETS, COUNT);
  const broken = counts.find((count) => !Number.isInteger(count));
  if (broken !== undefined) throw new PacketFault(`expected whole counts of spikes, got ${broken}`);
  return { timeUs: timeOf(bytes), counts };
}

export function encodeFeedback(packet: FeedbackPacket): Uint8Array {
  const bytes = headed(FEEDBACK_BYTES, packet.timeUs);
  bytes[8] = KINDS.indexOf(packet.kind);
  bytes[9] = packet.channels.length;
  bytes.fill(UNUSED, 10, 10 + FEEDBACK_CHANNELS);
  bytes.set(packet.channels, 10);
  bytes.writeUInt32LE(packet.rateHz, 74);
  bytes.writeFloatLE(packet.currentUa, 78);
  bytes.writeUInt32LE(packet.pulses, 82);
  bytes[86] = packet.unpredictable ? 1 : 0;
  bytes.write(packet.name, 87, FEEDBACK_NAME_BYTES);
  return bytes;
}

export function decodeFeedback(packet: Uint8Array): FeedbackPacket {
  const bytes = sized(packet, FEEDBACK_BYTES, "feedback");
  const kind = KINDS[bytes[8]];
  if (kind === undefined) throw new PacketFault(`expected a feedback of type 0, 1 or 2, got ${bytes[8]}`);
  const count = bytes[9];
  if (count > FEEDBACK_CHANNELS) throw new PacketFault(`expected at most 64 channels, got ${count}`);
  const channels = [...bytes.subarray(10, 10 + count)].filter((channel) => channel !== UNUSED);
  const strange = channels.find((channel) => channel >= FEEDBACK_CHANNELS);
  if (strange !== undefined) throw new PacketFault(`expected channels from 0 to 63, got ${strange}`);
  const rateHz = bytes.readUInt32LE(74);
  const pulses = bytes.readUInt32LE(82);
  if (rateHz > MAX_RATE_HZ) throw new PacketFault(`expected at most ${MAX_RATE_HZ} Hz, got ${rateHz}`);
  if (pulses > MAX_PULSES) throw new PacketFault(`expected at most ${MAX_PULSES} pulses, got ${pulses}`);
  const [currentUa] = floats(bytes, 78, 1, CURRENT);
  const name = bytes.toString("utf8", 87, 87 + FEEDBACK_NAME_BYTES).replace(/\0.*$/s, "");
  return {
    timeUs: timeOf(bytes),
    kind,
    channels: [...new Set(channels)],
    rateHz,
    currentUa: currentUa!,
    pulses,
    unpredictable: bytes[86] !== 0,
    name,
  };
}

export function encodeEvent({ timeUs, type, data }: EventPacket): Uint8Array {
  const json = Buffer.from(JSON.stringify({ timestamp: timeUs, event_type: type, data }));
  const bytes = headed(12 + json.length, timeUs);
  bytes.writeUInt32LE(json.length, 8);
  bytes.set(json, 12);
  return bytes;
}

export function decodeEvent(packet: Uint8Array): EventPacket {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.length);
  if (bytes.length < 12) throw new PacketFault(`expected an event of at least 12 bytes, got ${bytes.length}`);
  const length = bytes.readUInt32LE(8);
  if (length !== bytes.length - 12)
    throw new PacketFault(`expected an event with ${length} bytes of JSON, got ${bytes.length - 12}`);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8", 12));
  } catch {
    throw new PacketFault("expected an event in JSON, got something else");
  }
  const { event_type: type, data } = (typeof json === "object" && json !== null ? json : {}) as Record<
    string,
    unknown
  >;
  if (typeof type !== "string") throw new PacketFault("expected an event with an event_type");
  return { timeUs: timeOf(bytes), type, data };
}

function headed(length: number, timeUs: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeBigUInt64LE(BigInt(Math.round(timeUs)), 0);
  return bytes;
}

function sized(packet: Uint8Array, length: number, what: string): Buffer {
  if (packet.length !== length)
    throw new PacketFault(`expected a ${what} packet of ${length} bytes, got ${packet.length}`);
  return Buffer.from(packet.buffer, packet.byteOffset, packet.length);
}

function timeOf(bytes: Buffer): number {
  const timeUs = Number(bytes.readBigUInt64LE(0));
  if (!Number.isSafeInteger(timeUs)) throw new PacketFault(`expected microseconds since 1970, got ${timeUs}`);
  return timeUs;
}

interface Quantity {
  readonly what: string;
  readonly max: number;
}
const RATE: Quantity = { what: "a rate in Hz", max: MAX_RATE_HZ };
const CURRENT: Quantity = { what: "a current in uA", max: MAX_CURRENT_UA };
const COUNT: Quantity = { what: "a count of spikes", max: MAX_COUNT };

/** `count` float32 numbers of a quantity, each in `[0, max]`, beginning at byte `at`. */
function floats(bytes: Buffer, at: number, count: number, { what, max }: Quantity): number[] {
  return Array.from({ length: count }, (_, i) => {
    const value = bytes.readFloatLE(at + 4 * i);
    if (!(value >= 0 && value <= max))
      throw new PacketFault(`expected ${what} from 0 to ${max}, got ${value}`);
    return value;
  });
}
