import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tensor } from "../../compute/index.ts";
import { Random } from "../../math/random.ts";
import { type Coder, createCoder, renormalise } from "./coding.ts";
import { type EmulatorParameters, initEmulator } from "./emulator.ts";
import { dynamicsContexts } from "./fit.ts";
import { concatenateStates, meanLogRate, type NeuralStates } from "./states.ts";

const shape = { bins: 3, channels: 5, latents: 4, width: 8, heads: 2, blocks: 1, history: 2, sensoryBins: 1 };
const { bins: B, channels: C, latents: Z } = shape;
const random = Random.of(21, "coding");

function someStates(n: number): NeuralStates {
  const counts = Float32Array.from({ length: n * B * C }, () => random.integer(3));
  return { bins: B, channels: C, counts, written: new Float32Array(n) };
}
const one = ({ counts }: NeuralStates, n: number): NeuralStates => ({
  bins: B,
  channels: C,
  written: new Float32Array(1),
  counts: counts.slice(n * B * C, (n + 1) * B * C),
});

// More than a batch, and no multiple of one.
const states = someStates(150);
let parameters: EmulatorParameters;
let coder: Coder;
beforeAll(async () => {
  parameters = initEmulator(random, shape, states);
  parameters.normaliser = {
    mean: tensor([Z], [0.1, -0.2, 0, 0.5]),
    deviation: tensor([Z], [0.5, 1, 2, 0.7]),
  };
  coder = await createCoder(shape, parameters, "cpu");
});
afterAll(() => coder.dispose());

const expectClose = (got: Float32Array, expected: Float32Array) => {
  expect(got.length).toBe(expected.length);
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 4);
  });
};

describe("coder", () => {
  it("codes each window as if it were alone: neither neighbours nor padding count", async () => {
    const all = await coder.encode(parameters, states);
    for (const n of [0, 63, 64, 127, 128, 149]) {
      const alone = await coder.encode(parameters, one(states, n));
      expectClose(all.state.slice(n * Z, (n + 1) * Z), alone.state);
      expectClose(all.sensory.slice(n * Z, (n + 1) * Z), alone.sensory);
    }
  });

  it("gives the same sensory patch whatever came later, and another state", async () => {
    const later = states.counts.map((count, i) => (i % (B * C) < C ? count : count + 1));
    const [all, changed] = [
      await coder.encode(parameters, states),
      await coder.encode(parameters, { ...states, counts: later }),
    ];
    expect(changed.sensory).toEqual(all.sensory);
    for (let n = 0; n < 150; n++) expect(changed.state[n * Z]).not.toBe(all.state[n * Z]);
  });

  it("decodes each patch as if it were alone, to counts above zero", async () => {
    const patches = random.normals(130 * Z);
    const all = await coder.decode(parameters, patches);
    expect(all.length).toBe(130 * B * C);
    expect(all.every((count) => count > 0)).toBe(true);
    for (const n of [0, 64, 129])
      expectClose(
        all.slice(n * B * C, (n + 1) * B * C),
        await coder.decode(parameters, patches.slice(n * Z, (n + 1) * Z)),
      );
  });

  it("renormalises to zero mean and unit variance, on top of what was there", async () => {
    const raw = await coder.encode(parameters, states);
    const normaliser = renormalise(parameters.normaliser, raw.state);
    const { state } = await coder.encode({ ...parameters, normaliser }, states);
    for (let d = 0; d < Z; d++) {
      const column = Array.from({ length: 150 }, (_, n) => state[n * Z + d]);
      const mean = column.reduce((a, b) => a + b, 0) / 150;
      expect(mean).toBeCloseTo(0, 3);
      expect(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 150).toBeCloseTo(1, 2);
    }
    // What a patch means is unchanged: decoding undoes the normaliser.
    expectClose(
      (await coder.decode({ ...parameters, normaliser }, state)).slice(0, 300),
      (await coder.decode(parameters, raw.state)).slice(0, 300),
    );
  });
});

describe("dynamicsContexts", () => {
  it("holds sensory patch and state of each step before, oldest first, then the present sensory patch", () => {
    const N = 7;
    const patches = { state: random.normals(N * Z), sensory: random.normals(N * Z) };
    for (const history of [0, 1, 2, 3]) {
      const contexts = dynamicsContexts(patches, Z, history);
      const expected: number[] = [];
      for (let t = 0; t < N; t++) {
        const at = (of: Float32Array, step: number) =>
          Array.from({ length: Z }, (_, d) => (step < 0 ? 0 : of[step * Z + d]));
        for (let back = history; back >= 1; back--)
          expected.push(...at(patches.sensory, t - back), ...at(patches.state, t - back));
        expected.push(...at(patches.sensory, t));
      }
      expect([...contexts]).toEqual(expected);
    }
  });
});

describe("states", () => {
  it("are put one after the other, and their mean log rates counted by channel", () => {
    const [a, b] = [someStates(3), someStates(4)];
    const both = concatenateStates([a, b]);
    expect([...both.counts]).toEqual([...a.counts, ...b.counts]);
    expect(both.written.length).toBe(7);
    for (let c = 0; c < C; c++) {
      let sum = 0;
      for (let i = c; i < both.counts.length; i += C) sum += both.counts[i];
      expect(Math.exp(meanLogRate(both)[c])).toBeCloseTo(sum / (7 * B), 1);
    }
  });
});
