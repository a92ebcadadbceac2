import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flattenTensors } from "../../compute/index.ts";
import { Random } from "../../math/random.ts";
import { initEmulator } from "./emulator.ts";
import { createFitter, type EmulatorFitter } from "./fit.ts";
import type { NeuralStates } from "./states.ts";

const shape = {
  bins: 2,
  channels: 6,
  latents: 3,
  width: 12,
  heads: 2,
  blocks: 1,
  history: 1,
  sensoryBins: 1,
};
const { bins: B, channels: C, latents: Z } = shape;
const N = 300;

/** Windows of one of three groups: the first bin shows the group on one channel pair, the second on another. */
function planted(): { states: NeuralStates; groups: number[] } {
  const random = Random.of(31, "planted");
  const counts = new Float32Array(N * B * C);
  const groups = Array.from({ length: N }, () => random.integer(3));
  groups.forEach((group, n) => {
    counts[n * B * C + 2 * group] = 4 + random.integer(3);
    counts[n * B * C + C + ((2 * group + 3) % C)] = 5 + random.integer(3);
  });
  return { states: { bins: B, channels: C, counts, written: new Float32Array(N) }, groups };
}

const { states, groups } = planted();
const start = initEmulator(Random.of(1), shape, states);
const options = { autoencoderSteps: 250, dynamicsSteps: 60, learningRate: 5e-3 };
let fitter: EmulatorFitter;
beforeAll(async () => {
  fitter = await createFitter(shape, start, "cpu");
});
afterAll(() => fitter.dispose());

describe("fit", () => {
  it("learns what the windows hold, and normalises its patches", async () => {
    const { parameters, patches, dynamicsLoss } = await fitter.fit(start, states, Random.of(2), options);
    const decoded = await fitter.coder.decode(parameters, patches.state);
    const error = (rates: (i: number) => number) =>
      states.counts.reduce((sum, count, i) => sum + (count - rates(i)) ** 2, 0) / states.counts.length;
    const mean = Array.from({ length: B * C }, (_, j) => {
      let sum = 0;
      for (let n = 0; n < N; n++) sum += states.counts[n * B * C + j] / N;
      return sum;
    });
    // The means by bin and channel leave all of the groups' variance; the patches must explain most of it.
    expect(error((i) => decoded[i])).toBeLessThan(0.3 * error((i) => mean[i % (B * C)]));
    // The first bin says the group, so the spikes before a write predict the rest of the window.
    const predicted = await fitter.coder.decode(parameters, patches.sensory);
    expect(error((i) => predicted[i])).toBeLessThan(0.5 * error((i) => mean[i % (B * C)]));
    for (let d = 0; d < Z; d++) {
      let [sum, square] = [0, 0];
      for (let n = 0; n < N; n++) {
        sum += patches.state[n * Z + d] / N;
        square += patches.state[n * Z + d] ** 2 / N;
      }
      expect(sum).toBeCloseTo(0, 3);
      expect(square).toBeCloseTo(1, 2);
    }
    expect(Number.isFinite(dynamicsLoss)).toBe(true);
    // And so the sensory patches of a group lie together.
    const centre = (group: number, d: number) => {
      const own = groups.flatMap((g, n) => (g === group ? [patches.sensory[n * Z + d]] : []));
      return own.reduce((a, b) => a + b, 0) / own.length;
    };
    const nearest = groups.map((_, n) => {
      const distance = [0, 1, 2].map((g) =>
        Array.from({ length: Z }, (_, d) => (patches.sensory[n * Z + d] - centre(g, d)) ** 2).reduce(
          (a, b) => a + b,
        ),
      );
      return distance.indexOf(Math.min(...distance));
    });
    expect(nearest.filter((g, n) => g === groups[n]).length / N).toBeGreaterThan(0.95);
  });

  it("gives the same bits again, whatever was fitted between", async () => {
    const short = { autoencoderSteps: 12, dynamicsSteps: 12, learningRate: 5e-3 };
    const first = await fitter.fit(start, states, Random.of(3), short);
    await fitter.fit(first.parameters, states, Random.of(4), short);
    const again = await fitter.fit(start, states, Random.of(3), short);
    const leaves = (of: typeof first) => flattenTensors(of.parameters).leaves;
    leaves(again).forEach((leaf, i) => {
      expect(leaf.data).toEqual(leaves(first)[i].data);
    });
    expect(again.autoencoderLoss).toBe(first.autoencoderLoss);
  });

  it("begins where the parameters given stand", async () => {
    const none = { autoencoderSteps: 0, dynamicsSteps: 0, learningRate: 1 };
    const { parameters } = await fitter.fit(start, states, Random.of(5), none);
    const leaves = (of: unknown) => flattenTensors(of).leaves.map(({ data }) => data);
    expect(leaves(parameters.autoencoder)).toEqual(leaves(start.autoencoder));
    expect(leaves(parameters.dynamics)).toEqual(leaves(start.dynamics));
  });
});
