import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame, FrameError, type LiveFrame } from "./frames.ts";

const stamp = {
  culture: fc.integer({ min: 0, max: 0xffff }),
  startFrame: fc.maxSafeNat(),
  endFrame: fc.maxSafeNat(),
};
const f32 = (n: number) =>
  fc.array(fc.float({ noNaN: true }), { minLength: n, maxLength: n }).map((v) => Float32Array.from(v));
const u32 = (n: number) =>
  fc.array(fc.nat(0xffffffff), { minLength: n, maxLength: n }).map((v) => Uint32Array.from(v));
const u16 = (n: number) =>
  fc.array(fc.nat(0xffff), { minLength: n, maxLength: n }).map((v) => Uint16Array.from(v));
const u8 = (n: number) =>
  fc.array(fc.nat(0xff), { minLength: n, maxLength: n }).map((v) => Uint8Array.from(v));
const sizes = fc.tuple(fc.nat(7), fc.nat(7));

const frames: fc.Arbitrary<LiveFrame> = sizes.chain(([a, b]) =>
  fc.oneof(
    fc.record({
      type: fc.constant("activity" as const),
      ...stamp,
      spikeOffsets: u32(a),
      spikeChannels: u16(a),
      pulseOffsets: u32(b),
      pulseChannels: u16(b),
      pulseChargeNc: f32(b),
    }),
    fc.record({
      type: fc.constant("state" as const),
      ...stamp,
      bins: fc.constant(a),
      channels: fc.constant(b),
      intended: f32(a * b),
      evoked: f32(a * b),
    }),
    fc.record({
      type: fc.constant("weights" as const),
      ...stamp,
      from: fc.constant(a),
      to: fc.constant(b),
      mean: f32(a * b),
    }),
    fc.record({
      type: fc.constant("population" as const),
      ...stamp,
      rateHz: f32(a),
      score: f32(a),
      linkFrom: u16(b),
      linkTo: u16(b),
      linkStrength: f32(b),
    }),
    fc.record({
      type: fc.constant("screen" as const),
      ...stamp,
      height: fc.constant(a),
      width: fc.constant(b),
      palette: u8(768),
      pixels: u8(a * b),
      scored: fc.nat(99),
      lives: fc.nat(99),
      health: fc.nat(200),
      bullets: fc.integer({ min: -1, max: 50 }),
      given: u8(a),
      said: u8(a),
    }),
    fc.record({
      type: fc.constant("court" as const),
      ...stamp,
      court: f32(7).map(([ballX, ballY, paddleY, paddleSize, hits, misses, rally]) => ({
        ballX: ballX!,
        ballY: ballY!,
        paddleY: paddleY!,
        paddleSize: paddleSize!,
        hits: hits!,
        misses: misses!,
        rally: rally!,
      })),
    }),
  ),
);

describe("frames", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodeFrame(encodeFrame(frame).buffer)).toEqual(frame);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it("cut short anywhere, or of another version, are refused with one line", () => {
    fc.assert(
      fc.property(frames, fc.double({ min: 0, max: 1, noNaN: true }), (frame, share) => {
        const bytes = encodeFrame(frame);
        const cut = Math.floor(share * (bytes.length - 1));
        expect(() => decodeFrame(bytes.slice(0, cut).buffer)).toThrow(FrameError);
        bytes[0] = 9;
        expect(() => decodeFrame(bytes.buffer)).toThrow(/expected version 1, got 9; reload/);
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  it("have the layout that the header of the module gives", () => {
    const bytes = encodeFrame({
      type: "activity",
      culture: 258,
      startFrame: 1000,
      endFrame: 1100,
      spikeOffsets: Uint32Array.of(3),
      spikeChannels: Uint16Array.of(7),
      pulseOffsets: Uint32Array.of(),
      pulseChannels: Uint16Array.of(),
      pulseChargeNc: Float32Array.of(),
    });
    expect([...bytes.subarray(0, 12)]).toEqual([1, 0, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(Buffer.from(bytes).readDoubleLE(16)).toBe(1000);
    expect([...bytes.subarray(32)]).toEqual([3, 0, 0, 0, 7, 0]);
  });
});
