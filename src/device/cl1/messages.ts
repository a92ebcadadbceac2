/**
 * The link between a host that holds a tissue (`culture serve`, or the bridge on a CL1) and its one client.
 * Each message: uint32 length of the rest, uint8 type, then the fields below; all little-endian, text in UTF-8 to
 * the end of the message. Frames are of the host's clock. integrations/cl-sdk/README.md has the table.
 */
import type { Frame, Phase, Pulse, Spikes } from "../contract.ts";

export const LINK_VERSION = 1;
const MAGIC = 0x314c4757; // "WGL1"
/** Why a host stops its client's stimulation when another client asks for it; both hosts say it so. */
export const STOPPED_ELSEWHERE = "stopped from another connection";
/** A longer message is a fault of the peer. */
export const MAX_MESSAGE_BYTES = 1 << 20;

export type Message =
  /** Client, first. `token`: the host's secret, where it has one. */
  | { readonly type: "hello"; readonly version: number; readonly token: string }
  /** Client: the host may run its clock, and send, up to this frame. Without effect where the clock is live. */
  | { readonly type: "credit"; readonly untilFrame: Frame }
  /** Client: all of these pulses or none. A frame that has passed means now. */
  | { readonly type: "stimulate"; readonly id: number; readonly pulses: readonly Pulse[] }
  /** Client: cancel every pulse that has not begun. */
  | { readonly type: "cancel" }
  /** Either: I am alive. */
  | { readonly type: "heartbeat" }
  /** Host, first. `live`: its clock runs by itself. */
  | {
      readonly type: "welcome";
      readonly version: number;
      readonly channels: number;
      readonly framesPerSecond: number;
      readonly startFrame: Frame;
      readonly live: boolean;
    }
  /** Host: every spike of a stretch that follows the last one. */
  | { readonly type: "tick"; readonly fromFrame: Frame; readonly untilFrame: Frame; readonly spikes: Spikes }
  /** Host: what became of a `stimulate`: the frame at which its first pulse begins, or why it was refused. */
  | {
      readonly type: "answer";
      readonly id: number;
      readonly refused: boolean;
      readonly frame: Frame;
      readonly text: string;
    }
  /** Host: stimulation is over until the client connects again. */
  | { readonly type: "stopped"; readonly frame: Frame; readonly text: string }
  /** Host, last. */
  | { readonly type: "error"; readonly text: string };

const TYPES = {
  hello: 1,
  credit: 2,
  stimulate: 3,
  cancel: 4,
  heartbeat: 5,
  welcome: 16,
  tick: 17,
  answer: 18,
  stopped: 19,
  error: 20,
} as const;
const NAMES = new Map(Object.entries(TYPES).map(([name, code]) => [code as number, name as Message["type"]]));

/** Bytes that are no message: the link is closed. */
export class LinkFault extends Error {
  override readonly name = "LinkFault";
}

export function encodeMessage(message: Message): Uint8Array {
  const writer = new Fields();
  writer.u8(TYPES[message.type]);
  switch (message.type) {
    case "hello":
      writer.u32(MAGIC).u16(message.version).text(message.token);
      break;
    case "credit":
      writer.u64(message.untilFrame);
      break;
    case "stimulate":
      writer.u32(message.id).u16(message.pulses.length);
      for (const { frame, channel, phases } of message.pulses) {
        writer.u64(frame).u16(channel).u8(phases.length);
        for (const { currentUa, durationUs } of phases) writer.f64(currentUa).f64(durationUs);
      }
      break;
    case "welcome":
      writer.u16(message.version).u16(message.channels).u32(message.framesPerSecond);
      writer.u64(message.startFrame).u8(message.live ? 1 : 0);
      break;
    case "tick": {
      const { frames, channels } = message.spikes;
      writer.u64(message.fromFrame).u64(message.untilFrame).u32(frames.length);
      for (let i = 0; i < frames.length; i++) writer.u32(frames[i] - message.fromFrame).u16(channels[i]);
      break;
    }
    case "answer":
      writer
        .u32(message.id)
        .u8(message.refused ? 1 : 0)
        .u64(message.frame)
        .text(message.text);
      break;
    case "stopped":
      writer.u64(message.frame).text(message.text);
      break;
    case "error":
      writer.text(message.text);
  }
  return writer.finish();
}

/** Puts messages together from whatever pieces the network hands over. */
export class MessageReader {
  private pending: Buffer = Buffer.alloc(0);

  /** The messages that `bytes` complete; throws `LinkFault` at the first that is none. */
  *feed(bytes: Uint8Array): Generator<Message> {
    this.pending = this.pending.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.pending, bytes]);
    while (this.pending.length >= 4) {
      const length = this.pending.readUInt32LE(0);
      if (length < 1 || length > MAX_MESSAGE_BYTES)
        throw new LinkFault(`expected a message of 1 to ${MAX_MESSAGE_BYTES} bytes, got ${length}`);
      if (this.pending.length < 4 + length) return;
      const body = this.pending.subarray(4, 4 + length);
      this.pending = this.pending.subarray(4 + length);
      yield decodeBody(body);
    }
  }
}

function decodeBody(body: Buffer): Message {
  const type = NAMES.get(body[0]);
  if (type === undefined) throw new LinkFault(`unknown message type ${body[0]}`);
  try {
    const reader = new BodyReader(body);
    const message = decodeFields(type, reader);
    reader.end();
    return message;
  } catch (error) {
    if (error instanceof LinkFault) throw error;
    throw new LinkFault(`a message "${type}" of ${body.length} bytes is cut short`);
  }
}

function decodeFields(type: Message["type"], reader: BodyReader): Message {
  switch (type) {
    case "hello":
      if (reader.u32() !== MAGIC) throw new LinkFault("expected a client of wetgrad's link");
      return { type, version: reader.u16(), token: reader.text() };
    case "credit":
      return { type, untilFrame: reader.u64() };
    case "stimulate": {
      const id = reader.u32();
      return { type, id, pulses: Array.from({ length: reader.u16() }, () => pulse(reader)) };
    }
    case "cancel":
    case "heartbeat":
      return { type };
    case "welcome":
      return {
        type,
        version: reader.u16(),
        channels: reader.u16(),
        framesPerSecond: reader.u32(),
        startFrame: reader.u64(),
        live: reader.u8() === 1,
      };
    case "tick":
      return tick(reader);
    case "answer":
      return { type, id: reader.u32(), refused: reader.u8() === 1, frame: reader.u64(), text: reader.text() };
    case "stopped":
      return { type, frame: reader.u64(), text: reader.text() };
    case "error":
      return { type, text: reader.text() };
  }
}

function pulse(reader: BodyReader): Pulse {
  const frame = reader.u64();
  const channel = reader.u16();
  const phases = Array.from(
    { length: reader.u8() },
    (): Phase => ({ currentUa: reader.f64(), durationUs: reader.f64() }),
  );
  return { frame, channel, phases };
}

function tick(reader: BodyReader): Message {
  const fromFrame = reader.u64();
  const untilFrame = reader.u64();
  const count = reader.u32();
  if (untilFrame < fromFrame || count * 6 > MAX_MESSAGE_BYTES)
    throw new LinkFault(`a tick of ${count} spikes from frame ${fromFrame} to ${untilFrame}`);
  const spikes = { frames: new Float64Array(count), channels: new Uint16Array(count) };
  let last = fromFrame;
  for (let i = 0; i < count; i++) {
    const frame = fromFrame + reader.u32();
    if (frame < last || frame >= untilFrame)
      throw new LinkFault(`expected spikes in order before frame ${untilFrame}, got ${frame} after ${last}`);
    spikes.frames[i] = last = frame;
    spikes.channels[i] = reader.u16();
  }
  return { type: "tick", fromFrame, untilFrame, spikes };
}

/** Fields of a message being written, behind its length. */
class Fields {
  private bytes = Buffer.alloc(256);
  private at = 4;

  private room(size: number): number {
    while (this.at + size > this.bytes.length)
      this.bytes = Buffer.concat([this.bytes, Buffer.alloc(this.bytes.length)]);
    const at = this.at;
    this.at += size;
    return at;
  }
  u8(value: number): this {
    const at = this.room(1);
    this.bytes.writeUInt8(value, at);
    return this;
  }
  u16(value: number): this {
    const at = this.room(2);
    this.bytes.writeUInt16LE(value, at);
    return this;
  }
  u32(value: number): this {
    const at = this.room(4);
    this.bytes.writeUInt32LE(value, at);
    return this;
  }
  u64(value: number): this {
    const at = this.room(8);
    this.bytes.writeBigUInt64LE(BigInt(value), at);
    return this;
  }
  f64(value: number): this {
    const at = this.room(8);
    this.bytes.writeDoubleLE(value, at);
    return this;
  }
  text(value: string): this {
    const bytes = Buffer.from(value);
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
    return this;
  }
  finish(): Uint8Array {
    this.bytes.writeUInt32LE(this.at - 4, 0);
    return this.bytes.subarray(0, this.at);
  }
}

/** Fields of a received message, behind its type. Running over the end throws. */
class BodyReader {
  private at = 1;
  constructor(private readonly body: Buffer) {}

  private next(size: number): number {
    const at = this.at;
    this.at += size;
    return at;
  }
  u8 = () => this.body.readUInt8(this.next(1));
  u16 = () => this.body.readUInt16LE(this.next(2));
  u32 = () => this.body.readUInt32LE(this.next(4));
  f64 = () => this.body.readDoubleLE(this.next(8));
  u64(): number {
    const value = Number(this.body.readBigUInt64LE(this.next(8)));
    if (!Number.isSafeInteger(value)) throw new LinkFault(`a frame beyond 2^53: ${value}`);
    return value;
  }
  text(): string {
    return this.body.toString("utf8", this.next(this.body.length - this.at));
  }
  end(): void {
    if (this.at !== this.body.length)
      throw new LinkFault(`${this.body.length - this.at} bytes too many in a message`);
  }
}
