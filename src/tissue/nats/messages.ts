/**
 * What coordinator and hosts send each other: 2 bytes "WV", 1 byte version, 1 byte type, then the body. Plans (1),
 * results (2) and signs of life (4), which are sent in every step, are packed fields; all else (3) is MessagePack. docs/vat-hosts.md has
 * the layouts.
 */
import { decode, encode } from "@msgpack/msgpack";
import type { Phase, Pulse } from "../../device/contract.ts";
import type { StepPlan, StepResult } from "../contract.ts";
import { ByteReader, ByteWriter, MessageFault } from "./bytes.ts";
import { type Control, controlSchema } from "./control.ts";

export const PROTOCOL_VERSION = 2;
const MAGIC = [0x57, 0x56] as const;
const TYPES = { step: 1, results: 2, control: 3, alive: 4 } as const;

/** The plan of one brain, and the fencing token under which its host was given that brain. */
export interface StepEntry {
  readonly token: number;
  readonly plan: StepPlan;
}

export interface StepMessage {
  readonly type: "step";
  readonly vat: string;
  readonly coordinator: string;
  readonly step: number;
  /** Whether the host shall store a snapshot of each brain after the step. */
  readonly snapshotAfter: boolean;
  readonly entries: readonly StepEntry[];
}

/** What one brain did. */
export interface StepAnswer {
  readonly token: number;
  /** Time that the host spent in the brain itself. */
  readonly computeUs: number;
  readonly result: StepResult;
}

/** What the brains of one step message did. */
export interface ResultsMessage {
  readonly type: "results";
  readonly step: number;
  readonly answers: readonly StepAnswer[];
}

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

/** The shapes of pulses stand once at the head: a pulse is then its frame, its channel and the number of its shape. */
function writeStep(
  writer: ByteWriter,
  { vat, coordinator, step, snapshotAfter, entries }: StepMessage,
): void {
  const shapes: (readonly Phase[])[] = [];
  const shapeOf = ({ phases }: Pulse): number => {
    const known = shapes.findIndex((shape) => sameShape(shape, phases));
    return known >= 0 ? known : shapes.push(phases) - 1;
  };
  const indices = entries.map(({ plan }) => plan.pulses.map(shapeOf));
  writer
    .text(vat)
    .text(coordinator)
    .whole(step)
    .u8(snapshotAfter ? 1 : 0)
    .whole(shapes.length);
  for (const phases of shapes) {
    writer.whole(phases.length);
    for (const { currentUa, durationUs } of phases) writer.f64(currentUa).f64(durationUs);
  }
  writer.whole(entries.length);
  entries.forEach(({ token, plan }, e) => {
    writer.whole(plan.brain).whole(token).whole(plan.durationFrames).f64(plan.plasticity);
    writer.whole(plan.pulses.length);
    plan.pulses.forEach(({ frame, channel }, p) => {
      writer.whole(frame).whole(channel).whole(indices[e][p]);
    });
  });
}

function sameShape(a: readonly Phase[], b: readonly Phase[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every(
    ({ currentUa, durationUs }, i) => currentUa === b[i].currentUa && durationUs === b[i].durationUs,
  );
}

function readStep(reader: ByteReader): StepMessage {
  const [vat, coordinator] = [reader.text(), reader.text()];
  const step = reader.whole();
  const snapshotAfter = reader.u8() === 1;
  const shapes = list(reader, 1, () =>
    list(reader, 16, (): Phase => ({ currentUa: reader.f64(), durationUs: reader.f64() })),
  );
  const entries = list(reader, 12, (): StepEntry => {
    const brain = reader.whole();
    const token = reader.whole();
    const durationFrames = reader.whole();
    const plasticity = reader.f64();
    const pulses = list(reader, 3, (): Pulse => {
      const [frame, channel, phases] = [reader.whole(), reader.whole(), shapes[reader.whole()]];
      if (!phases) throw new MessageFault("a pulse of an unknown shape");
      return { frame, channel, phases };
    });
    return { token, plan: { brain, durationFrames, pulses, plasticity } };
  });
  return { type: "step", vat, coordinator, step, snapshotAfter, entries };
}

/** Spikes are in order, so each frame is written as its distance to the one before. */
function writeResults(writer: ByteWriter, { step, answers }: ResultsMessage): void {
  writer.whole(step).whole(answers.length);
  for (const { token, computeUs, result } of answers) {
    const { frames, channels } = result.spikes;
    writer.whole(result.brain).whole(token).whole(computeUs).whole(result.refused);
    writer.whole(frames.length);
    let last = 0;
    frames.forEach((frame, i) => {
      writer.whole(frame - last).whole(channels[i]);
      last = frame;
    });
  }
}

function readResults(reader: ByteReader): ResultsMessage {
  const step = reader.whole();
  const answers = list(reader, 5, (): StepAnswer => {
    const [brain, token, computeUs] = [reader.whole(), reader.whole(), reader.whole()];
    const [refused, count] = [reader.whole(), reader.count(2)];
    const spikes = { frames: new Float64Array(count), channels: new Uint16Array(count) };
    let frame = 0;
    for (let i = 0; i < count; i++) {
      spikes.frames[i] = frame += reader.whole();
      const channel = reader.whole();
      if (channel > 0xffff) throw new MessageFault(`a spike on channel ${channel}`);
      spikes.channels[i] = channel;
    }
    return { token, computeUs, result: { brain, spikes, refused } };
  });
  return { type: "results", step, answers };
}

/** Spikes in one message: at the most that one takes, it stays below the 1 MB that NATS takes by default. */
const SPIKES_PER_MESSAGE = 60_000;

/** The answers to a step, divided so that each part fits into a message. */
export function inMessages(answers: readonly StepAnswer[]): StepAnswer[][] {
  const parts: StepAnswer[][] = [];
  let spikes = Number.POSITIVE_INFINITY;
  for (const answer of answers) {
    const own = answer.result.spikes.frames.length;
    if (spikes + own > SPIKES_PER_MESSAGE) {
      parts.push([]);
      spikes = 0;
    }
    parts.at(-1)!.push(answer);
    spikes += own;
  }
  return parts;
}

function list<T>(reader: ByteReader, leastBytes: number, read: () => T): T[] {
  return Array.from({ length: reader.count(leastBytes) }, read);
}
