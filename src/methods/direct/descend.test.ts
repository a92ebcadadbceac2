import { describe, expect, it } from "vitest";
import { openDevice } from "../../device/gate/open.ts";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { growSimulated } from "../../device/simulated/grow.ts";
import type { ReadingLoss } from "../../emulator/contract.ts";
import { initBridge } from "../../emulator/one/bridge.ts";
import { CYCLE_SHAPE, initEmulator } from "../../emulator/one/emulator.ts";
import { countLoss, createReadingLoss } from "../../emulator/one/reading-loss.ts";
import { Random } from "../../math/random.ts";
import { STANDARD_PROTOCOL } from "../../protocol/protocol.ts";
import { readByCounts } from "../../protocol/reading.ts";
import { blankMoments, DIRECT, descendOnTwin } from "./descend.ts";
import { datumOn, plainLayout, presentOn } from "./presented.testing.ts";
import { trialSteps } from "./window.ts";

const { bins: BINS } = STANDARD_PROTOCOL;
const random = (name: string) => Random.of(2, name);

describe("the task loss", () => {
  it("by electrode counts is the cross entropy of softmax(gain c), and says what a spike is worth", () => {
    const counts = new Float32Array(BINS * 64);
    // Of the first class two spikes in bin 1, of the second one in bin 2, and one in the datum's own bin, which does not count.
    counts[64 + 3] = 2;
    counts[2 * 64 + 4] = 1;
    counts[4] = 1;
    const loss = (c: Float32Array, worth = new Float32Array(BINS * 64)) =>
      countLoss({ counts: c, bins: BINS, patterns: [[3], [4]] }, 1, worth);
    const worth = new Float32Array(BINS * 64);
    const odds = Math.exp(0.4);
    expect(loss(counts, worth)).toBeCloseTo(Math.log(1 + odds), 5);
    for (const at of [64 + 3, 3 * 64 + 4, 4, 10]) {
      const nudged = (by: number) => loss(counts.with(at, counts[at] + by));
      expect(worth[at]).toBeCloseTo((nudged(0.01) - nudged(-0.01)) / 0.02, 3);
    }
  });

  it("says what one more spike is worth to the bridge", async () => {
    const drawn = random("counts");
    const many = Float32Array.from({ length: BINS * 64 }, () => 100 + drawn.integer(50));
    const blank = { bins: BINS, channels: 64, counts: many, written: new Float32Array(1) };
    const shape = { ...CYCLE_SHAPE, bins: BINS, channels: 64 };
    const bridgeShape = { sensory: 32, latents: shape.latents, classes: 4, hidden: 16 };
    const models = {
      emulator: initEmulator(random("emulator"), shape, blank),
      bridge: initBridge(random("bridge"), bridgeShape),
    };
    const patterns = [[9], [14], [30], [36]];
    const reading = await createReadingLoss({ shape, device: "cpu" }, models, patterns);
    // With the efference copy of a datum on two electrodes.
    const stateOf = (counts: Float32Array) =>
      counts.map((count, i) => count + (i === 18 || i === 20 ? 12 : 0));
    const at = (counts: Float32Array) => reading.of(counts, stateOf(counts), 2, random("noise"));
    const { worth } = await at(many);
    const largest = Math.max(...worth.map(Math.abs));
    for (const i of random("which").permutation(worth.length).slice(0, 12)) {
      const difference =
        (await at(many.with(i, many[i] + 1))).loss - (await at(many.with(i, many[i] - 1))).loss;
      expect(Math.abs(worth[i] - difference / 2)).toBeLessThan(0.05 * largest);
    }
    await reading.dispose();
  });
});

describe("trialSteps", () => {
  it("puts the steps of a volley's first 20 ms into bins of 4 ms", () => {
    const { steps, volleys, binOf } = trialSteps(plainLayout({ profile: simulatedProfile }), 10);
    expect([steps, binOf.length]).toEqual([250, 50]);
    expect(volleys).toEqual([0, 63, 125]);
    for (let bin = 0; bin < BINS; bin++) expect(binOf.filter((each) => each === bin)).toHaveLength(10);
    expect([binOf[0], binOf[49]]).toEqual([0, 4]);
  });
});

/** The reading by electrode counts alone. */
const byCounts = (patterns: readonly (readonly number[])[]): ReadingLoss => ({
  of: async (counts, _, nextClass) => {
    const worth = new Float32Array(counts.length);
    const loss = countLoss({ counts, bins: BINS, patterns }, nextClass, worth);
    return { loss, worth, right: loss < Math.log(2) };
  },
  dispose: async () => {},
});

it("teaches a twin what the culture then answers", async () => {
  const device = openDevice(growSimulated({ div: 21, seed: 2, neurons: 400, preset: "quiet" }));
  const { simulated } = device;
  if (!simulated) return expect.unreachable();
  await device.read(25_000);
  const patterns = [
    [9, 25, 41, 57],
    [14, 30, 46, 62],
  ];
  const lessons = [
    { channels: [18, 20, 34], nextClass: 0 },
    { channels: [36, 50, 52], nextClass: 1 },
  ].map((lesson, step) => ({ ...lesson, step, datum: datumOn(lesson.channels) }));
  const layout = plainLayout(device);
  /** How many more spikes the right class has than the other, over 20 presentations of each datum, as a share of all. */
  const contrast = async () => {
    let [right, all] = [0, 0];
    for (let n = 0; n < 40; n++) {
      const { channels, nextClass } = lessons[n % 2];
      const scores = readByCounts(await presentOn(device, layout, channels), {
        bins: BINS,
        channels: 64,
        patterns,
      });
      right += scores[nextClass] - scores[1 - nextClass];
      all += scores[0] + scores[1];
    }
    return right / all;
  };
  simulated.plasticity(0);
  const before = await contrast();
  const stream = random("lessons");
  const drawn = Array.from({ length: 240 }, () => lessons[stream.integer(2)]);
  const image = simulated.readTissue();
  const moments = blankMoments(image.synapses.pre.length);
  const { strength, accuracy } = await descendOnTwin(
    { image, layout, reading: byCounts(patterns), moments },
    drawn,
    { ...DIRECT, batch: 8 },
    stream,
  );
  simulated.writeSynapses({ strength });
  const after = await contrast();
  expect(accuracy).toBeGreaterThan(0.75);
  expect(Math.abs(before)).toBeLessThan(0.5);
  expect(after).toBeGreaterThan(before + 0.3);
});
