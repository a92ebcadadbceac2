import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../device/gate/limits.ts";
import { addEfference, channelsOf, type Layout, pulsesOf } from "../protocol/layout.ts";
import type { Datum, Write } from "../protocol/protocol.ts";
import type { Cultures } from "./cultures.ts";
import { Recorder } from "./recorder.ts";
import { smallCultures } from "./testing.ts";

const writeOn = ({ frames, roles }: Layout, k: number): Write => ({
  channels: roles.assigned[k],
  amplitude: 1,
  delayFrames: frames.write,
});

/** Presents to one culture what `of` says of each presentation, recorded. */
async function presentEach(
  cultures: Cultures,
  count: number,
  of: (n: number) => { readonly datum: Datum; readonly write: Write | null },
) {
  const recorder = new Recorder();
  cultures.recorder = recorder;
  const presented: Awaited<ReturnType<Cultures["present"]>>[] = [];
  for (let n = 0; n < count; n++) {
    const { datum, write } = of(n);
    presented.push(await cultures.present({ data: [datum], writes: [write], plasticity: 1 }));
  }
  cultures.recorder = null;
  return { presented, stretch: recorder.finish(0, cultures.frameOf(0)) };
}

describe("present", () => {
  it("takes one presentation's time, and pulses the datum at each volley and the write after its delay", async () => {
    const cultures = await smallCultures();
    const [layout] = cultures.layouts;
    const { frames, protocol, channels } = layout;
    const datum: Datum = { places: [0, 1, 2, 3], volleys: frames.volleys.length };
    const context = channelsOf(layout.roles, datum);
    const write = writeOn(layout, 2);
    const { presented, stretch } = await presentEach(cultures, 5, (n) => ({
      datum,
      write: n % 2 === 0 ? write : null,
    }));
    expect(stretch.endFrame - stretch.startFrame).toBe(5 * frames.presentation);
    expect(cultures.frameOf(0)).toBe(stretch.endFrame);
    presented.forEach(({ read, delivered }, n) => {
      const start = stretch.startFrame + n * frames.presentation;
      const expected = frames.volleys.flatMap((volley) => [
        ...context.map((channel) => [channel, volley]),
        ...(n % 2 === 0 ? write.channels.map((channel) => [channel, volley + frames.write]) : []),
      ]);
      const within = (frame: number) => frame >= start && frame < start + frames.presentation;
      const sent = stretch.pulses.filter(({ frame }) => within(frame));
      expect(sent.map(({ channel, frame }) => [channel, frame - start])).toEqual(expected);
      expect(delivered[0].pulses.map(({ channel, frame }) => [channel, frame])).toEqual(expected);
      // The state, counted spike by spike.
      const counts = new Float32Array(protocol.bins * channels);
      stretch.spikes.frames.forEach((frame, i) => {
        if (!within(frame)) return;
        for (const volley of frames.volleys) {
          const bin = Math.floor((frame - start - volley) / frames.bin);
          if (bin >= 0 && bin < protocol.bins) counts[bin * channels + stretch.spikes.channels[i]]++;
        }
      });
      expect(read[0]).toEqual(counts);
    });
    expect(presented.reduce((sum, { pulses }) => sum + pulses, 0)).toBe(
      frames.volleys.length * (5 * 4 + 3 * 4),
    );
    expect(presented.every(({ refused }) => refused === 0)).toBe(true);
    expect(stretch.spikes.frames.length).toBeGreaterThan(0);
  });
});

describe("pulses that the gate refuses", () => {
  /** Of three volleys 25 ms apart the second comes too early on every electrode. */
  const limits = { ...DEFAULT_LIMITS, minIntervalUs: 30_000 };

  it("are in no recording, no count and no state", async () => {
    const cultures = await smallCultures({ limits });
    const [layout] = cultures.layouts;
    const { frames, protocol, channels } = layout;
    const datum: Datum = { places: [4, 5, 6], volleys: frames.volleys.length };
    const write = writeOn(layout, 1);
    const { presented, stretch } = await presentEach(cultures, 4, () => ({ datum, write }));
    const asked = pulsesOf(layout, datum, write);
    const passed = asked.filter(({ frame }) => frame < frames.volleys[1] || frame >= frames.volleys[2]);
    expect(passed).toHaveLength((2 * asked.length) / 3);
    for (const { pulses, refused, delivered, read, states } of presented) {
      expect([pulses, refused]).toEqual([passed.length, asked.length - passed.length]);
      expect(delivered[0].pulses).toEqual(passed);
      const [state] = states();
      expect(state).toEqual(addEfference(layout, read[0].slice(), { datum, write, pulses: passed }));
      for (const channel of channelsOf(layout.roles, datum))
        expect(state[channel] - read[0][channel]).toBe(2 * protocol.evokedCount);
      const bin = Math.floor(frames.write / frames.bin) * channels;
      for (const channel of write.channels)
        expect(state[bin + channel] - read[0][bin + channel]).toBe(2 * protocol.evokedCount);
    }
    const recorded = presented.flatMap((_, n) =>
      passed.map(({ frame, channel }) => [stretch.startFrame + n * frames.presentation + frame, channel]),
    );
    expect(stretch.pulses.map(({ frame, channel }) => [frame, channel])).toEqual(recorded);
  });

  it("of stimulation of one's own are not counted either", async () => {
    const cultures = await smallCultures({ limits });
    const [layout] = cultures.layouts;
    const datum: Datum = { places: [0], volleys: 3 };
    expect(await cultures.stimulate([pulsesOf(layout, datum, null)], 100, 0)).toBe(2);
  });
});

describe("cultures put back to a snapshot", () => {
  it("go on from there with the same bits, on the same clock", async () => {
    const cultures = await smallCultures({ brains: 2 });
    const data: Datum[] = [0, 1].map((brain) => ({ places: [brain, 5], volleys: 3 }));
    const writes = cultures.layouts.map((layout) => writeOn(layout, 3));
    const go = async () => {
      const { read } = await cultures.present({ data, writes, plasticity: 1 });
      return { read, frames: cultures.brains.map((brain) => cultures.frameOf(brain)) };
    };
    await go();
    const state = await cultures.snapshot();
    const first = [await go(), await go()];
    await cultures.restore(state);
    expect([await go(), await go()]).toEqual(first);
    expect(first[0].read[0]).not.toEqual(first[0].read[1]);
  });
});
