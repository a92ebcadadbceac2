import { describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { HighPass } from "../../recording/detection/high-pass.ts";
import { ThresholdDetector, thresholdDefaults } from "../../recording/detection/threshold.ts";
import { DeviceLost } from "../lost.ts";
import { Inbox } from "./inbox.ts";
import { SpikeFinder } from "./spike-finder.ts";
import { Watchdog } from "./watchdog.ts";

const RATE = 20_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Gaussian noise of 10 uV on a slow 200 uV wave, and -150 uV spikes of 0.3 ms at known frames. */
function signal(frames: number, spikesAt: readonly number[]): Float64Array {
  const random = Random.of(5, "noise");
  const samples = Float64Array.from({ length: frames }, (_, i) => {
    const gauss = Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
    return 10 * gauss + 200 * Math.sin((2 * Math.PI * 2 * i) / RATE);
  });
  for (const at of spikesAt)
    for (let i = 0; i < 6; i++) samples[at + i] -= 150 * Math.sin((Math.PI * (i + 0.5)) / 6);
  return samples;
}

describe("HighPass", () => {
  it("passes by the closed form of a Butterworth filter, and starts settled", () => {
    for (const hz of [30, 300, 3000]) {
      const filter = new HighPass(300, RATE);
      let power = 0;
      for (let i = 0; i < RATE; i++) {
        const y = filter.next(Math.sin((2 * Math.PI * hz * i) / RATE));
        if (i >= RATE / 2) power += y ** 2 / (RATE / 2);
      }
      const warped = Math.tan((Math.PI * 300) / RATE) / Math.tan((Math.PI * hz) / RATE);
      expect(Math.sqrt(2 * power)).toBeCloseTo(1 / Math.sqrt(1 + warped ** 4), 4);
    }
    const settled = new HighPass(300, RATE);
    settled.settle(12_345);
    for (let i = 0; i < 100; i++) expect(Math.abs(settled.next(12_345))).toBeLessThan(1e-6);
    expect(() => new HighPass(RATE, RATE)).toThrow("between 0 and 10000 Hz");
  });
});

describe("ThresholdDetector", () => {
  const spikesAt = Array.from({ length: 60 }, (_, i) => RATE + 500 + i * 613);
  const samples = signal(3 * RATE, spikesAt);
  const found = (lengths: readonly number[]) => {
    const finder = new SpikeFinder([7], RATE);
    const spikes: number[] = [];
    for (let at = 0, i = 0; at < samples.length; i++) {
      const end = Math.min(samples.length, at + lengths[i % lengths.length]);
      finder.feed({ channel: 7, fromFrame: at, samples: samples.subarray(at, end) });
      spikes.push(...finder.takeUntil(end).frames);
      at = end;
    }
    return spikes;
  };

  it("finds the spikes that were put in, where they begin, and hardly any other", () => {
    const spikes = found([1000]);
    const hits = spikesAt.filter((at) => spikes.some((frame) => frame >= at && frame <= at + 6));
    expect(hits.length).toBe(spikesAt.length);
    expect(spikes.length).toBeLessThan(spikesAt.length + 3);
  });

  it("finds the same however the samples are cut", () => {
    expect(found([1, 7, 4001])).toEqual(found([128]));
  });

  it("takes neither a flat line, nor numbers that are none, nor a gap for spikes", () => {
    const detector = new ThresholdDetector(RATE);
    let spikes = 0;
    for (let i = 0; i < 3 * RATE; i++) if (detector.next(i, i % 3 ? 1000 : Number.NaN)) spikes++;
    expect(spikes).toBe(0);
    const gapped = new SpikeFinder([0], RATE);
    gapped.feed({ channel: 0, fromFrame: 0, samples: signal(2 * RATE, []) });
    gapped.takeUntil(2 * RATE);
    gapped.feed({
      channel: 0,
      fromFrame: 5 * RATE,
      samples: signal(RATE, []).map((value) => value - 5000),
    });
    expect(gapped.takeUntil(9 * RATE).frames.length).toBe(0);
    expect(thresholdDefaults(250).highPassHz).toBeLessThan(1);
  });

  it("joins channels in frame order and hands the samples on", () => {
    const blocks: number[] = [];
    const finder = new SpikeFinder([3, 1], RATE, undefined, ({ channel }) => blocks.push(channel));
    expect(finder.until(4)).toBe(4);
    for (const channel of [3, 1]) finder.feed({ channel, fromFrame: 0, samples });
    expect(finder.until(0)).toBe(samples.length);
    const { frames, channels } = finder.takeUntil(samples.length);
    frames.forEach((frame, i) => {
      if (i > 0) expect(frame).toBeGreaterThanOrEqual(frames[i - 1]);
    });
    expect([...channels.slice(0, 2)]).toEqual([1, 3]);
    expect(blocks).toEqual([3, 1]);
  });
});

describe("Inbox", () => {
  const spikes = (...frames: number[]) => ({
    frames: Float64Array.from(frames),
    channels: Uint16Array.from(frames, () => 1),
  });

  it("keeps spikes until they are taken, and ends every wait when the link ends", async () => {
    const inbox = new Inbox(10);
    const wait = inbox.arrived(30);
    inbox.add(spikes(11, 15), 20);
    inbox.add(spikes(22, 25), 30);
    await wait;
    expect([...inbox.takeUntil(23).frames]).toEqual([11, 15, 22]);
    const hopeless = inbox.arrived(40);
    inbox.end(new DeviceLost("it left"));
    inbox.end(new DeviceLost("again"));
    await expect(hopeless).rejects.toThrow("it left");
    await inbox.arrived(30); // has come
    expect([...inbox.takeUntil(30).frames]).toEqual([25]);
  });

  it("does not hoard what nobody reads", async () => {
    const inbox = new Inbox();
    const many = { frames: new Float64Array(100_000), channels: new Uint16Array(100_000) };
    for (let i = 0; i < 11; i++) inbox.add(many, i);
    await expect(inbox.arrived(1000)).rejects.toThrow(/never read/);
  });
});

describe("Watchdog", () => {
  it("barks at silence, once, and not while it is spoken to", async () => {
    const barks: number[] = [];
    const dog = new Watchdog(100, (ms) => barks.push(ms));
    for (let i = 0; i < 10; i++) {
      await pause(20);
      dog.heard();
    }
    expect(barks).toEqual([]);
    await pause(400);
    expect(barks.length).toBe(1);
    expect(barks[0]).toBeGreaterThanOrEqual(100);
  });

  it("does not count time in which this process could not listen", async () => {
    const barks: number[] = [];
    const dog = new Watchdog(500, (ms) => barks.push(ms));
    const until = performance.now() + 700;
    while (performance.now() < until);
    await pause(20);
    expect(barks).toEqual([]);
    dog.stop();
  });
});
