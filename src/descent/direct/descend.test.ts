import { describe, expect, it } from "vitest";
import { Culture } from "../../culture/culture.ts";
import { growCulture } from "../../culture/presets.ts";
import { openDevice } from "../../device/gate/open.ts";
import { SimulatedMea } from "../../device/simulated/driver.ts";
import { Random } from "../../math/random.ts";
import { BINS } from "../protocol.ts";
import { readByHand } from "../reading.ts";
import { runTrial } from "../trial.ts";
import { ClassCounts } from "./class-counts.ts";
import { DIRECT, descendOnTwin } from "./descend.ts";
import { trialSteps } from "./window.ts";

describe("the task loss of class counts", () => {
  it("is the cross entropy of softmax(gain n), and says what a spike is worth", () => {
    const coupling = {
      reachOf: () => ({ neurons: new Uint16Array(), millivolts: new Float32Array() }),
      seenOn: Int16Array.of(3, 4, -1, 3),
      detection: Float32Array.of(0.5, 1, 1, 0.25),
    };
    const counts = new ClassCounts(coupling, [[3], [4]], 2);
    const spikes = new Float32Array(BINS * 4);
    // Neuron 0 twice in bin 1, neuron 1 once in bin 2, and once in the datum's own bin, which does not count.
    spikes[4] = 2;
    spikes[9] = 1;
    spikes[1] = 1;
    const worth = new Float32Array(BINS * 4);
    const { loss } = counts.loss(spikes, 1, worth);
    expect(loss).toBeCloseTo(Math.log(2), 6);
    const bins = (i: number) => Array.from({ length: BINS }, (_, bin) => worth[bin * 4 + i]);
    expect(bins(0)).toEqual([0, 0.5, 0.5, 0.5, 0.5]);
    expect(bins(1)).toEqual([0, -1, -1, -1, -1]);
    expect(bins(2)).toEqual([0, 0, 0, 0, 0].map((x) => expect.closeTo(x)));
    expect(bins(3)).toEqual([0, 0.25, 0.25, 0.25, 0.25]);
  });
});

describe("trialSteps", () => {
  it("puts the steps of each volley's first 20 ms into bins of 4 ms", () => {
    const { steps, readSteps, volleys, binOf } = trialSteps(10, true);
    expect([steps, readSteps]).toEqual([250, 175]);
    expect(volleys).toEqual([0, 63, 125]);
    for (let bin = 0; bin < BINS; bin++) expect(binOf.filter((each) => each === bin)).toHaveLength(30);
    expect([binOf[0], binOf[49], binOf[50], binOf[125]]).toEqual([0, 4, -1, 0]);
  });
});

it("teaches a twin what the culture then answers", async () => {
  const { anatomy, parameters } = growCulture({ div: 21, seed: 2, neurons: 400, preset: "quiet" });
  const device = openDevice(new SimulatedMea(new Culture(anatomy, parameters, 2), { seed: 2 }));
  const { simulated } = device;
  if (!simulated) return expect.unreachable();
  await device.read(25_000);
  const patterns = [
    [9, 25, 41, 57],
    [14, 30, 46, 62],
  ];
  const lessons = [
    { context: [18, 20, 34], nextClass: 0 },
    { context: [36, 50, 52], nextClass: 1 },
  ];
  /** How many more spikes the right class has than the other, over 20 presentations of each datum, as a share of all. */
  const contrast = async () => {
    let [right, all] = [0, 0];
    for (let n = 0; n < 40; n++) {
      const { context, nextClass } = lessons[n % 2];
      const scores = readByHand((await runTrial(device, context)).counts, 64, patterns);
      right += scores[nextClass] - scores[1 - nextClass];
      all += scores[0] + scores[1];
    }
    return right / all;
  };
  simulated.plasticity(0);
  const before = await contrast();
  const random = Random.of(2, "lessons");
  const drawn = Array.from({ length: 240 }, () => lessons[random.integer(2)]);
  const { ultrastructure } = simulated;
  const { strength, accuracy } = descendOnTwin(ultrastructure, patterns, drawn, random, {
    ...DIRECT,
    batch: 8,
    learningRate: [0.02, 0.02],
  });
  ultrastructure.writeSynapses({ strength });
  const after = await contrast();
  expect(accuracy).toBeGreaterThan(0.75);
  expect(Math.abs(before)).toBeLessThan(0.5);
  expect(after).toBeGreaterThan(before + 0.3);
});
