import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RULES, type SafetyRule } from "../../../device/gate/unsafe-pulse.ts";
import { simulatedProfile } from "../../../device/simulated/array.ts";
import { tissueProfile } from "../../profile.ts";
import { MessageFault } from "./bytes.ts";
import { decodeMessage, encodeMessage, type Message, PROTOCOL_VERSION } from "./messages.ts";
import { inMessages } from "./results.ts";

const rules = Object.keys(RULES) as SafetyRule[];
const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const phase = fc.record({
  currentUa: fc.double({ noNaN: true, noDefaultInfinity: true }),
  durationUs: fc.integer({ min: 1, max: 1000 }),
});
const pulse = fc.record({
  frame: fc.nat({ max: 1_000_000 }),
  channel: fc.nat({ max: 65_535 }),
  phases: fc.array(phase, { maxLength: 4 }),
});
const stepMessage: fc.Arbitrary<Message> = fc.record({
  type: fc.constant("step" as const),
  vat: fc.string(),
  coordinator: fc.string(),
  step: whole,
  snapshotAfter: fc.boolean(),
  entries: fc.array(
    fc.record({
      token: whole,
      plan: fc.record(
        {
          brain: whole,
          durationFrames: whole,
          pulses: fc.array(pulse, { maxLength: 5 }),
          plasticity: fc.double({ noNaN: true }),
          reward: fc.double({ noNaN: true }),
        },
        { requiredKeys: ["brain", "durationFrames", "pulses", "plasticity"] },
      ),
    }),
    { maxLength: 4 },
  ),
});
const spikes = fc
  .array(fc.tuple(fc.nat({ max: 2 ** 40 }), fc.nat({ max: 65_535 })), { maxLength: 50 })
  .map((list) => {
    const sorted = list.sort((a, b) => a[0] - b[0]);
    return {
      frames: Float64Array.from(sorted, ([frame]) => frame),
      channels: Uint16Array.from(sorted, ([, channel]) => channel),
    };
  });
const resultsMessage: fc.Arbitrary<Message> = fc.record({
  type: fc.constant("results" as const),
  step: whole,
  answers: fc.array(
    fc.record({
      token: whole,
      computeUs: whole,
      result: fc.record({
        brain: whole,
        startFrame: whole,
        spikes,
        refused: fc.array(fc.record({ pulse: whole, rule: fc.constantFrom(...rules) }), { maxLength: 5 }),
      }),
    }),
    { maxLength: 4 },
  ),
});
const aliveMessage: fc.Arbitrary<Message> = fc.record({
  type: fc.constant("alive" as const),
  host: fc.string(),
  session: fc.string(),
  revision: whole,
});
const controlMessage: fc.Arbitrary<Message> = fc.record({
  type: fc.constant("control" as const),
  control: fc.oneof(
    fc.constant({ kind: "call" as const }),
    fc.record({
      kind: fc.constant("adopted" as const),
      brain: whole,
      token: whole,
      nextStep: whole,
      profile: fc.constant(tissueProfile(simulatedProfile, ["restore"])),
    }),
  ),
});
const message = fc.oneof(stepMessage, resultsMessage, controlMessage, aliveMessage);

const trainOf = (count: number) => ({ frames: new Float64Array(count), channels: new Uint16Array(count) });

/** What comes of bytes: a message, or the one fault that decoding may throw. */
function outcome(bytes: Uint8Array): "message" | "fault" {
  try {
    decodeMessage(bytes);
    return "message";
  } catch (error) {
    expect(error).toBeInstanceOf(MessageFault);
    return "fault";
  }
}

describe("the messages of a vat", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(message, (sent) => {
        // JSON has no -0, and every other number is told apart by it.
        expect(JSON.stringify(plain(decodeMessage(encodeMessage(sent))))).toBe(JSON.stringify(plain(sent)));
      }),
      { seed: 1 },
    );
  });

  it("cut short are none", () => {
    fc.assert(
      fc.property(message, fc.double({ min: 0, max: 0.999, noNaN: true }), (sent, share) => {
        const bytes = encodeMessage(sent);
        expect(outcome(bytes.subarray(0, Math.floor(share * bytes.length)))).toBe("fault");
      }),
      { seed: 2 },
    );
  });

  it("damaged or made up are dropped with one fault, and take no more room than they have", () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat({ max: 255 }), (sent, at, value) => {
        const bytes = encodeMessage(sent);
        bytes[at % bytes.length] = value;
        outcome(bytes);
      }),
      { seed: 3, numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat({ max: 5 }), (rest, type) => {
        outcome(rest);
        outcome(Uint8Array.from([0x57, 0x56, PROTOCOL_VERSION, type, ...rest]));
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  it("with a rule that no gate has are none", () => {
    const refused = [{ pulse: 0, rule: "whim" as SafetyRule }];
    const result = { brain: 1, startFrame: 0, spikes: trainOf(0), refused };
    const answers = [{ token: 1, computeUs: 1, result }];
    const bytes = encodeMessage({ type: "results", step: 1, answers });
    expect(() => decodeMessage(bytes)).toThrow("unknown rule whim");
  });

  it("of another version are refused by name", () => {
    const bytes = encodeMessage({ type: "control", control: { kind: "call" } });
    bytes[2] = 9;
    expect(() => decodeMessage(bytes)).toThrow("version 9 of the protocol; this wetgrad speaks 3");
  });

  it("are divided where they would be too large, and lose nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 70_000 }), { maxLength: 12 }), (counts) => {
        const answers = counts.map((count, brain) => {
          const train = { frames: new Float64Array(count), channels: new Uint16Array(count).fill(65_535) };
          return { token: 1, computeUs: 1, result: { brain, startFrame: 1, spikes: train, refused: [] } };
        });
        const parts = inMessages(answers);
        expect(parts.flat()).toEqual(answers);
        for (const part of parts)
          expect(encodeMessage({ type: "results", step: 1, answers: part }).length).toBeLessThan(2 ** 20);
      }),
      { seed: 5, numRuns: 20 },
    );
  });

  it("are small: about 6 bytes a pulse and 4 a spike", () => {
    const pulses = Array.from({ length: 100 }, (_, i) => ({
      frame: 50 * i,
      channel: i % 64,
      phases: [
        { currentUa: -2.5, durationUs: 160 },
        { currentUa: 2.5, durationUs: 160 },
      ],
    }));
    const plan = { brain: 7, durationFrames: 5000, pulses, plasticity: 1 };
    const entries = [{ token: 900, plan }];
    const step = encodeMessage({
      type: "step",
      vat: "v",
      coordinator: "c",
      step: 5,
      snapshotAfter: false,
      entries,
    });
    expect(step.length).toBeLessThan(100 * 6);
    const train = {
      frames: Float64Array.from({ length: 1000 }, (_, i) => 90 * i),
      channels: Uint16Array.from({ length: 1000 }, (_, i) => i % 64),
    };
    const result = { brain: 7, startFrame: 1, spikes: train, refused: [] };
    const answer = encodeMessage({
      type: "results",
      step: 5,
      answers: [{ token: 900, computeUs: 10, result }],
    });
    expect(answer.length).toBeLessThan(1000 * 4);
  });
});

function plain(sent: Message): unknown {
  if (sent.type !== "results") return sent;
  const answers = sent.answers.map(({ result, ...answer }) => ({
    ...answer,
    result: { ...result, spikes: [[...result.spikes.frames], [...result.spikes.channels]] },
  }));
  return { ...sent, answers };
}
