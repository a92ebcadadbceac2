import { expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import { amplifyCulture } from "./culture.ts";
import { leakAt } from "./dose.ts";
import { summarised } from "./experiment.ts";
import { chooseByGradient, fitWriteModel } from "./model.ts";
import { renderAmplify } from "./page.ts";
import { controllability, electrodeScores, fitWrites, highest } from "./planners.ts";

/** Features that answer linearly, and one that answers only to two electrodes together. */
function written(N = 3000) {
  const [E, K] = [10, 4];
  const random = Random.of(1, "written");
  const W = Float64Array.from({ length: K * E }, () => (random.uniform() < 0.3 ? random.normal() : 0));
  const u = new Float32Array(N * E).map(() => (random.uniform() < 0.3 ? random.uniform() : 0));
  const z = new Float32Array(N * K);
  for (let n = 0; n < N; n++)
    for (let k = 0; k < K; k++) {
      let sum = 0.5 + 0.1 * random.normal();
      for (let i = 0; i < E; i++) sum += W[k * E + i] * u[n * E + i];
      if (k === 3) sum += 4 * u[n * E + 2] * u[n * E + 7];
      z[n * K + k] = sum;
    }
  return { W, all: { u, z, E, K } };
}

test("ridge finds the weights that made the features, and says how much of them it controls", () => {
  const { W, all } = written();
  const fit = fitWrites(all);
  for (let i = 0; i < 3 * all.E; i++) expect(fit.weights[i]).toBeCloseTo(W[i], 1);
  const control = controllability(fit, all);
  const isLinear = (k: number) => W.subarray(k * all.E, (k + 1) * all.E).some((w) => Math.abs(w) > 0.5);
  for (let k = 0; k < 3; k++) if (isLinear(k)) expect(control[k]).toBeGreaterThan(0.7);
  const scores = electrodeScores(fit, all, new Float32Array(all.K * all.E * 5), { k: 0, sign: 1 });
  expect(highest(scores.ridge, 1)).toEqual(highest(W.subarray(0, all.E), 1));
  expect(highest(scores["difference-of-means"], 1)).toEqual(highest(W.subarray(0, all.E), 1));
});

test("the model's gradient is its finite difference; the search finds the pair that linear weights do not say", () => {
  const { all } = written();
  const ridge = fitWrites(all);
  const model = fitWriteModel(ridge, all, Random.of(2, "model"));
  const pattern = Float32Array.from({ length: all.E }, (_, i) => (i % 3) / 3);
  const weights = Float64Array.of(1, -0.5, 0.25, 2);
  const value = (at: Float32Array) => model.predict(at).reduce((sum, v, k) => sum + weights[k] * v, 0);
  const gradient = model.gradient(pattern, weights);
  for (let i = 0; i < all.E; i++) {
    const moved = (by: number) => pattern.map((v, j) => (i === j ? v + by : v));
    expect(gradient[i]).toBeCloseTo((value(moved(1e-2)) - value(moved(-1e-2))) / 2e-2, 2);
  }
  const options = { k: 3, sign: 1 as const, count: 2, leakCost: 0 };
  // From one of the two that work together, the gradient says the other.
  const found = chooseByGradient(model, { ...options, starts: [[0, 2]] });
  const worth = (pair: readonly number[]) =>
    model.predict(all.u.slice(0, all.E).map((_, i) => (pair.includes(i) ? 1 : 0)))[3];
  const partners = Array.from({ length: all.E }, (_, i) => i).filter((i) => i !== 2);
  expect(worth(found)).toBeGreaterThanOrEqual(Math.max(...partners.map((i) => worth([i, 2]))) - 1e-6);
});

test("leak at a strength lies between doses, from nothing on; null where it is not reached", () => {
  const at = (dose: number, targetSd: number, leak: number) => ({
    dose,
    targetSd,
    leak,
    feature: 0,
    arm: "a",
    targetError: 0,
    spikes: 0,
  });
  const doses = [at(4, 3, 1), at(1, 1, 0.2)];
  expect(leakAt(doses, 0.5)).toBeCloseTo(0.1, 9);
  expect(leakAt(doses, 2)).toBeCloseTo(0.6, 9);
  expect(leakAt(doses, 3.5)).toBeNull();
});

test("a culture, whole: same seed same figures, all arms and controls, and a page of them", async () => {
  const options = {
    ...{ seed: 3, method: "windows" as const, features: 12, amplified: 2, down: false, windows: 600 },
    ...{ doses: [1, 3], repeats: 4, writes: 2, probes: 5 },
  };
  const culture = await amplifyCulture(options);
  expect(await amplifyCulture(options)).toEqual(culture);
  const arms = [
    "ridge",
    "selective-ridge",
    "difference-of-means",
    "decoder",
    "random",
    "best-window",
    "gradient",
    "yoked",
  ];
  expect([...new Set(culture.doses.map(({ arm }) => arm))].sort()).toEqual(arms.sort());
  expect(culture.doses).toHaveLength(arms.length * 2 * 2);
  expect(culture.lasting[0].cued).toHaveProperty("frozen");
  const report = summarised([culture], options);
  expect(renderAmplify(report)).toMatch(/Dose and response[\s\S]*What lasts/);
}, 60_000);

test("downwards, a driven feature is the reference, and there is no loop", async () => {
  const culture = await amplifyCulture({
    ...{ seed: 3, method: "windows", features: 12, amplified: 1, down: true, windows: 500 },
    ...{ doses: [2], repeats: 4, writes: 0, probes: 5 },
  });
  expect(culture.doses.every(({ arm }) => arm !== "driven" && arm !== "blank")).toBe(true);
  expect(culture.loop).toHaveLength(0);
  expect(culture.doses.every(({ targetSd }) => Number.isFinite(targetSd))).toBe(true);
}, 60_000);
