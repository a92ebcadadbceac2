/** The message with the results of a step: what it says, and its packed fields. */
import { RULES, type SafetyRule } from "../../../device/gate/unsafe-pulse.ts";
import type { RefusedPulse, StepResult } from "../../contract.ts";
import { type ByteReader, type ByteWriter, MessageFault } from "./bytes.ts";

/** What one culture did. */
export interface StepAnswer {
  readonly token: number;
  /** Time that the host spent in the culture itself. */
  readonly computeUs: number;
  readonly result: StepResult;
}

/** What the cultures of one step message did. */
export interface ResultsMessage {
  readonly type: "results";
  readonly step: number;
  readonly answers: readonly StepAnswer[];
}

/** Spikes are in order, so each frame is written as its distance to the one before. */
export function writeResults(writer: ByteWriter, { step, answers }: ResultsMessage): void {
  writer.whole(step).whole(answers.length);
  for (const { token, computeUs, result } of answers) {
    const { frames, channels } = result.spikes;
    writer.whole(result.brain).whole(token).whole(computeUs).whole(result.startFrame);
    writer.whole(result.refused.length);
    for (const { pulse, rule } of result.refused) writer.whole(pulse).text(rule);
    writer.whole(frames.length);
    let last = 0;
    frames.forEach((frame, i) => {
      writer.whole(frame - last).whole(channels[i]);
      last = frame;
    });
  }
}

export function readResults(reader: ByteReader): ResultsMessage {
  const step = reader.whole();
  const answers = reader.list(6, (): StepAnswer => {
    const [brain, token, computeUs] = [reader.whole(), reader.whole(), reader.whole()];
    const startFrame = reader.whole();
    const refused = reader.list(2, () => readRefused(reader));
    const count = reader.count(2);
    const spikes = { frames: new Float64Array(count), channels: new Uint16Array(count) };
    let frame = 0;
    for (let i = 0; i < count; i++) {
      spikes.frames[i] = frame += reader.whole();
      const channel = reader.whole();
      if (channel > 0xffff) throw new MessageFault(`a spike on channel ${channel}`);
      spikes.channels[i] = channel;
    }
    return { token, computeUs, result: { brain, startFrame, spikes, refused } };
  });
  return { type: "results", step, answers };
}

function readRefused(reader: ByteReader): RefusedPulse {
  const [pulse, rule] = [reader.whole(), reader.text()];
  if (!Object.hasOwn(RULES, rule)) throw new MessageFault(`a pulse refused by an unknown rule ${rule}`);
  return { pulse, rule: rule as SafetyRule };
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
