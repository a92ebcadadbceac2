import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, tensor, zeros } from "../../compute/index.ts";
import { Random } from "../../math/random.ts";
import { type Bridge, type BridgeParameters, classTargets, createBridge, initBridge } from "./bridge.ts";
import { crossEntropy } from "./bridge-model.ts";

const shape = { sensory: 6, latents: 4, classes: 3, hidden: 16 };
const { sensory: S, latents: Z, classes: K } = shape;
const N = 400;
const random = Random.of(41, "bridge");

/** Planted: a datum of two places makes the sensory patch W datum; class k stands at centre k, nothing at the origin. */
const weights = random.normals(S * Z);
const centres = Array.from({ length: K }, (_, k) => Array.from({ length: Z }, (_, d) => (d === k ? 4 : 0)));
const placesOf = () => random.permutation(S).slice(0, 2);
function datumOf(places: readonly number[]): Float32Array {
  return Float32Array.from({ length: S }, (_, s) => (places.includes(s) ? 1 : 0));
}
function patchOf(datum: Float32Array): Float32Array {
  return Float32Array.from({ length: Z }, (_, d) =>
    datum.reduce((sum, on, s) => sum + on * weights[s * Z + d], 0),
  );
}
const around = (centre: readonly number[]) => centre.map((value) => value + 0.3 * random.normal());

const data = Array.from({ length: N }, () => datumOf(placesOf()));
const classes = Int32Array.from({ length: N }, () => random.integer(K + 1) - 1);
const origin = new Array<number>(Z).fill(0);
const examples = {
  data: Float32Array.from(data.flatMap((datum) => [...datum])),
  sensory: Float32Array.from(
    data.flatMap((datum) => [...patchOf(datum)].map((v) => v + 0.05 * random.normal())),
  ),
  states: Float32Array.from([...classes].flatMap((k) => around(k < 0 ? origin : centres[k]))),
  classes,
};

let bridge: Bridge;
let fitted: BridgeParameters;
const blank = initBridge(Random.of(1), shape);
beforeAll(async () => {
  bridge = await createBridge(shape, blank, "cpu");
  fitted = await bridge.fit(blank, examples, 300, Random.of(2));
});
afterAll(() => bridge.dispose());

describe("bridge", () => {
  it("learns the planted way from datum to patch", async () => {
    const fresh = Array.from({ length: 100 }, () => datumOf(placesOf()));
    const out = await bridge.encode(fitted, Float32Array.from(fresh.flatMap((datum) => [...datum])));
    let [error, scale] = [0, 0];
    fresh.forEach((datum, n) => {
      patchOf(datum).forEach((value, d) => {
        error += (out[n * Z + d] - value) ** 2;
        scale += value ** 2;
      });
    });
    expect(error / scale).toBeLessThan(0.02);
  });

  it("tells the planted classes apart, and says that it cannot tell where nothing was written", async () => {
    const truth = Array.from({ length: 200 }, () => random.integer(K));
    const states = truth.flatMap((k) => around(centres[k]));
    const probabilities = await bridge.decode(fitted, Float32Array.from(states));
    truth.forEach((k, n) => {
      expect(probabilities[n * K + k]).toBeGreaterThan(0.9);
      const sum = probabilities.subarray(n * K, (n + 1) * K).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 5);
    });
    const nothing = await bridge.decode(
      fitted,
      Float32Array.from({ length: 200 * Z }, () => 0.3 * random.normal()),
    );
    for (let k = 0; k < K; k++) {
      let mean = 0;
      for (let n = 0; n < 200; n++) mean += nothing[n * K + k] / 200;
      expect(Math.abs(mean - 1 / K)).toBeLessThan(0.08);
    }
    expect(Math.max(...nothing)).toBeLessThan(0.75);
  });

  it("gives the same bits for the same seed, whatever was fitted between", async () => {
    const first = await bridge.fit(blank, examples, 20, Random.of(5));
    await bridge.fit(fitted, examples, 5, Random.of(6));
    expect(await bridge.fit(blank, examples, 20, Random.of(5))).toEqual(first);
    expect((await bridge.fit(blank, examples, 0, Random.of(5))).decoder).toEqual(blank.decoder);
  });
});

describe("classTargets", () => {
  it("is one-hot, or uniform for nothing", () => {
    expect([...classTargets(Int32Array.of(2, -1, 0), 4)]).toEqual([
      ...[0, 0, 1, 0],
      ...[0.25, 0.25, 0.25, 0.25],
      ...[1, 0, 0, 0],
    ]);
  });
});

describe("crossEntropy", () => {
  it("is -sum target log softmax, also where softmax underflows", async () => {
    const logits = [1, 2, 3, 200, 0, -100, 0, 0, 0];
    const target = [0.2, 0.3, 0.5, 0, 0, 1, 1 / 3, 1 / 3, 1 / 3];
    const program = await compile(crossEntropy, [zeros([3, 3]), zeros([3, 3])]);
    const { data } = await program.run(tensor([3, 3], logits), tensor([3, 3], target));
    const byHand = [0, 1, 2].map((n) => {
      const row = logits.slice(3 * n, 3 * n + 3);
      const top = Math.max(...row);
      const total = top + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
      return row.reduce((sum, logit, k) => sum - target[3 * n + k] * (logit - total), 0);
    });
    byHand.forEach((value, n) => {
      expect(data[n]).toBeCloseTo(value, 4);
    });
    await program.dispose();
  });
});
