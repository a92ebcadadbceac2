import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flattenTensors, tensor } from "../../compute/index.ts";
import { Random } from "../../math/random.ts";
import { initBridge } from "./bridge.ts";
import { initEmulator } from "./emulator.ts";
import { createImprover, type DescentOptions, type Improver, type Item } from "./improve.ts";

const shape = {
  bins: 2,
  channels: 6,
  latents: 3,
  width: 16,
  heads: 2,
  blocks: 1,
  history: 0,
  sensoryBins: 1,
};
const { bins: B, channels: C, latents: Z } = shape;
const K = 3;
const options = { batch: 16, steps: 1, learningRate: 1e-2, density: 0, blur: 0.1, samples: 4 };

const blank = { bins: B, channels: C, counts: new Float32Array(B * C).fill(1), written: new Float32Array(1) };
const emulator = initEmulator(Random.of(1), shape, blank);
/** A bridge fixed by hand: class k stands where latent k is large. */
const { decoder } = initBridge(Random.of(2), { sensory: 4, latents: Z, classes: K, hidden: Z });
const scaled = (by: number) =>
  tensor(
    [Z, K],
    Float32Array.from({ length: Z * K }, (_, i) => (i % (K + 1) === 0 ? by : 0)),
  );
decoder.hidden = { weight: scaled(1), bias: tensor([Z], [3, 3, 3]) };
decoder.output = { weight: scaled(3), bias: tensor([K], [0, 0, 0]) };

/** Contexts that say what comes: context e_j is followed by class (j + 1) mod K. */
const items: Item[] = Array.from({ length: K }, (_, j) => ({
  context: Float32Array.from({ length: Z }, (_, d) => (d === j ? 2 : 0)),
  nextClass: (j + 1) % K,
}));

let improver: Improver;
let cautious: Improver;
beforeAll(async () => {
  const create = (descent: DescentOptions) =>
    createImprover({ shape, classes: K, device: "cpu", descent }, emulator, decoder);
  improver = await create(options);
  cautious = await create({ ...options, density: 20 });
});
afterAll(async () => {
  await improver.dispose();
  await cautious.dispose();
});

async function descend(of: Improver, steps: number, random: Random): Promise<number[]> {
  of.begin(emulator, decoder);
  of.restart(emulator.dynamics);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push((await of.descend(items, i % K, random)).crossEntropy);
  return losses;
}

describe("the descent", () => {
  it("brings the emulator to expect the state that says the next datum", async () => {
    const random = Random.of(3);
    const losses = await descend(improver, 150, random);
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(losses.slice(0, 5))).toBeGreaterThan(0.7);
    expect(mean(losses.slice(-15))).toBeLessThan(0.2);
    for (const [j, { context, nextClass }] of items.entries()) {
      const { forecast } = await improver.descend(items, j, random);
      expect(forecast.indexOf(Math.max(...forecast))).toBe(nextClass);
      const { probabilities, patches, intended } = await improver.propose(context, random);
      expect(probabilities[nextClass]).toBeGreaterThan(0.7);
      expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      expect(patches).toHaveLength(options.samples * Z);
      expect(intended).toHaveLength(B * C);
      expect(intended.every((count) => count > 0)).toBe(true);
    }
  });

  it("is held by the prior to what tissue has been seen to do", async () => {
    const errorOf = async (of: Improver) => {
      await descend(of, 80, Random.of(4));
      let sum = 0;
      for (const { context } of items) sum += (await of.propose(context, Random.of(5))).priorError / K;
      return sum;
    };
    expect(await errorOf(cautious)).toBeLessThan(await errorOf(improver));
  });

  it("changes neither emulator nor bridge, and gives the same bits again", async () => {
    const copy = (of: unknown) => flattenTensors(of).leaves.map(({ data }) => data.slice());
    const before = copy([emulator, decoder]);
    const first = await descend(improver, 10, Random.of(6));
    const dynamics = copy(improver.parameters());
    const proposal = await improver.propose(items[0].context, Random.of(7));
    await descend(improver, 5, Random.of(8));
    expect(await descend(improver, 10, Random.of(6))).toEqual(first);
    expect(copy(improver.parameters())).toEqual(dynamics);
    expect(await improver.propose(items[0].context, Random.of(7))).toEqual(proposal);
    expect(copy([emulator, decoder])).toEqual(before);
    expect(dynamics).not.toEqual(copy(emulator.dynamics));
  });

  it("what the culture does alone is the prior's, whatever was descended to", async () => {
    await descend(improver, 0, Random.of(9));
    const before = await improver.propose(items[1].context, Random.of(10));
    await descend(improver, 20, Random.of(9));
    const after = await improver.propose(items[1].context, Random.of(10));
    expect(after.alone).toEqual(before.alone);
    expect(after.intended).not.toEqual(before.intended);
  });

  it("takes prior and bridge from the emulator and decoder that a cycle begins with", async () => {
    const { context } = items[2];
    await descend(improver, 20, Random.of(11));
    const before = await improver.propose(context, Random.of(12));
    const other = { ...emulator, dynamics: initEmulator(Random.of(13), shape, blank).dynamics };
    const silent = { ...decoder, output: { ...decoder.output, weight: scaled(0) } };
    improver.begin(other, silent);
    const after = await improver.propose(context, Random.of(12));
    expect(after.patches).toEqual(before.patches);
    expect(after.alone).not.toEqual(before.alone);
    for (const probability of after.probabilities) expect(probability).toBeCloseTo(1 / K, 5);
    expect((await improver.descend(items, 0, Random.of(14))).crossEntropy).toBeCloseTo(Math.log(K), 4);
  });
});
