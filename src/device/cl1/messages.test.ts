import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeMessage, LINK_VERSION, LinkFault, type Message, MessageReader } from "./messages.ts";

const frame = fc.nat(2 ** 50);
const u16 = fc.nat(65_535);
const phase = fc.record({ currentUa: fc.double({ noNaN: true }), durationUs: fc.double({ noNaN: true }) });
const tick = fc.tuple(frame, fc.array(fc.nat(24), { maxLength: 50 }), u16).map(
  ([fromFrame, offsets, channel]): Message => ({
    type: "tick",
    fromFrame,
    untilFrame: fromFrame + 25,
    spikes: {
      frames: Float64Array.from(
        offsets.sort((a, b) => a - b),
        (offset) => fromFrame + offset,
      ),
      channels: Uint16Array.from(offsets, () => channel),
    },
  }),
);
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.string({ unit: "grapheme" }).map((token): Message => ({ type: "hello", version: LINK_VERSION, token })),
  frame.map((untilFrame): Message => ({ type: "credit", untilFrame })),
  fc
    .tuple(
      fc.nat(2 ** 32 - 1),
      fc.array(fc.record({ frame, channel: u16, phases: fc.array(phase, { maxLength: 5 }) }), {
        maxLength: 20,
      }),
    )
    .map(([id, pulses]): Message => ({ type: "stimulate", id, pulses })),
  fc.constantFrom<Message>({ type: "cancel" }, { type: "heartbeat" }),
  fc.tuple(frame, fc.boolean()).map(
    ([startFrame, live]): Message => ({
      type: "welcome",
      version: LINK_VERSION,
      channels: 64,
      framesPerSecond: 25_000,
      startFrame,
      live,
    }),
  ),
  tick,
  fc
    .tuple(fc.boolean(), frame, fc.string())
    .map(([refused, at, text]): Message => ({ type: "answer", id: 9, refused, frame: at, text })),
  fc.tuple(frame, fc.string()).map(([at, text]): Message => ({ type: "stopped", frame: at, text })),
  fc.string().map((text): Message => ({ type: "error", text })),
);

/** The bytes in pieces of the given lengths, over and over. */
function* cut(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const next = at + lengths[i % lengths.length];
    yield bytes.subarray(at, next);
    at = next;
  }
}

describe("messages", () => {
  it("arrive as they were sent, however the network cuts them", () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 }),
        (sent, lengths) => {
          const reader = new MessageReader();
          const bytes = Buffer.concat(sent.map(encodeMessage));
          expect([...cut(bytes, lengths)].flatMap((piece) => [...reader.feed(piece)])).toEqual(sent);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  it("in 10,000 mutations are read or refused clearly", () => {
    let faults = 0;
    fc.assert(
      fc.property(
        message,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (sent, changes) => {
          const bytes = Buffer.from(encodeMessage(sent));
          for (const [place, value] of changes) bytes[place % bytes.length] = value;
          try {
            for (const _ of new MessageReader().feed(bytes));
          } catch (error) {
            faults++;
            expect(error).toBeInstanceOf(LinkFault);
          }
        },
      ),
      { seed: 2, numRuns: 10_000 },
    );
    expect(faults).toBeGreaterThan(1000);
  });

  it("of an absurd length are refused before they are waited for", () => {
    const huge = Buffer.alloc(4);
    huge.writeUInt32LE(2 ** 31);
    expect(() => [...new MessageReader().feed(huge)]).toThrow(/1 to 1048576 bytes, got 2147483648/);
  });
});
