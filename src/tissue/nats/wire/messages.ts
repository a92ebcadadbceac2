/**
 * What coordinator and hosts send each other: 2 bytes "WV", 1 byte version, 1 byte type, then the body. Plans (1),
 * results (2) and signs of life (4), which are sent in every step, are packed fields; all else (3) is MessagePack.
 * docs/vat-hosts.md has the layouts.
 */
import { decode, encode } from "@msgpack/msgpack";
import { ByteReader, ByteWriter, MessageFault } from "./bytes.ts";
import { type Control, controlSchema } from "./control.ts";
import { type ResultsMessage, readResults, writeResults } from "./results.ts";
import { readStep, type StepMessage, writeStep } from "./steps.ts";

export const PROTOCOL_VERSION = 3;
const MAGIC = [0x57, 0x56] as const;
const TYPES = { step: 1, results: 2, control: 3, alive: 4 } as const;

/** A host has written its record. */
export interface AliveMessage {
  readonly type: "alive";
  readonly host: string;
  readonly session: string;
  readonly revision: number;
}

export interface ControlMessage {
  readonly type: "control";
  readonly control: Control;
}

export type Message = StepMessage | ResultsMessage | ControlMessage | AliveMessage;

export function encodeMessage(message: Message): Uint8Array {
  const writer = new ByteWriter();
  writer.u8(MAGIC[0]).u8(MAGIC[1]).u8(PROTOCOL_VERSION).u8(TYPES[message.type]);
  if (message.type === "step") writeStep(writer, message);
  else if (message.type === "results") writeResults(writer, message);
  else if (message.type === "alive") writer.text(message.host).text(message.session).whole(message.revision);
  else writer.block(encode(message.control));
  return writer.finish();
}

export const encodeControl = (control: Control) => encodeMessage({ type: "control", control });

/** Throws `MessageFault`, and nothing else, where `bytes` are no message of this version. */
export function decodeMessage(bytes: Uint8Array): Message {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== MAGIC[0] || reader.u8() !== MAGIC[1]) throw new MessageFault("not a message of a vat");
  const version = reader.u8();
  if (version !== PROTOCOL_VERSION)
    throw new MessageFault(`version ${version} of the protocol; this wetgrad speaks ${PROTOCOL_VERSION}`);
  const message = readBody(reader.u8(), reader);
  reader.end();
  return message;
}

function readBody(type: number, reader: ByteReader): Message {
  if (type === TYPES.step) return readStep(reader);
  if (type === TYPES.results) return readResults(reader);
  if (type === TYPES.alive)
    return { type: "alive", host: reader.text(), session: reader.text(), revision: reader.whole() };
  if (type !== TYPES.control) throw new MessageFault(`unknown type ${type}`);
  const body = reader.block();
  let value: unknown;
  try {
    value = decode(body);
  } catch {
    throw new MessageFault("a control message that is not MessagePack");
  }
  const parsed = controlSchema.safeParse(value);
  if (!parsed.success)
    throw new MessageFault(`a control message with a wrong ${parsed.error.issues[0]?.path}`);
  return { type: "control", control: parsed.data };
}
