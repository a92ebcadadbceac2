import { expect, test } from "vitest";
import { fitRidge } from "../math/linear.ts";
import { Random } from "../math/random.ts";
import { decode } from "./decode.ts";
import { measureBandwidth } from "./experiment.ts";
import { bandwidthTable, renderBandwidth } from "./page.ts";
import { predictRidges, RidgeProblem } from "./ridge.ts";

const random = () => Random.of(5, "bandwidth test");

test("many ridges are the ridges one by one", () => {
  const draw = random();
  const x = Float64Array.from({ length: 50 * 4 }, (_, i) => draw.normal() * (1 + (i % 4)));
  const y = Float64Array.from({ length: 50 * 2 }, () => draw.normal());
  const predicted = predictRidges(new RidgeProblem(x, 4, y, 2).solve(0.3), x);
  for (const k of [0, 1]) {
    const { weights, intercept } = fitRidge(
      x,
      Array.from({ length: 50 }, (_, t) => y[2 * t + k]),
      0.3,
    );
    for (let t = 0; t < 50; t++)
      expect(predicted[2 * t + k]).toBeCloseTo(
        intercept + weights.reduce((sum, w, i) => sum + w * x[4 * t + i], 0),
        9,
      );
  }
});

test("known channels: a Gaussian one, a noiseless one, and one that is cut", () => {
  const draw = random();
  const trials = 6000;
  const labels = Uint8Array.from({ length: trials }, () => draw.integer(4));
  const latents = Float64Array.from({ length: trials }, () => draw.normal());
  const features = new Float32Array(trials * 6);
  for (let t = 0; t < trials; t++) {
    features[t * 6 + labels[t]] = 1;
    features[t * 6 + 4] = latents[t] + 0.5 * draw.normal(); // signal to noise 4: log2(5) / 2 bits
    features[t * 6 + 5] = draw.normal();
  }
  const open = decode({ features, D: 6 }, { labels, classes: 4 }, { latents, L: 1 });
  expect(open.taskBits).toBeCloseTo(2, 2);
  expect(open.accuracy).toBe(1);
  expect(open.latentBits).toBeCloseTo(Math.log2(5) / 2, 1);
  const cut = decode(
    { features: Float32Array.from({ length: trials }, () => draw.normal()), D: 1 },
    { labels, classes: 4 },
    { latents, L: 1 },
  );
  expect(Math.abs(cut.taskBits)).toBeLessThan(0.01);
  expect(cut.latentBits).toBeLessThan(0.01);
});

test("a symmetric channel that errs: never more than its mutual information, and near it", () => {
  const draw = random();
  const trials = 8000;
  const [K, wrong] = [4, 0.3];
  const labels = Uint8Array.from({ length: trials }, () => draw.integer(K));
  const features = new Float32Array(trials * K);
  for (let t = 0; t < trials; t++)
    features[t * K + (draw.uniform() < wrong ? (labels[t] + 1 + draw.integer(K - 1)) % K : labels[t])] = 1;
  const truth = 2 + (1 - wrong) * Math.log2(1 - wrong) + wrong * Math.log2(wrong / (K - 1));
  const { taskBits } = decode(
    { features, D: K },
    { labels, classes: K },
    { latents: new Float64Array(trials), L: 1 },
  );
  expect(taskBits).toBeLessThan(truth + 0.04);
  expect(taskBits).toBeGreaterThan(truth - 0.08);
});

test("the tissue through every modality: more electrodes say more, one culture says nothing to EEG, shuffled is nothing", async () => {
  const report = await measureBandwidth({ seeds: [1], trials: 300, div: 21, neurons: 500 });
  const bits = Object.fromEntries(report.modalities.map(({ name, task }) => [name, task.mean]));
  expect(bits["array-64"]).toBeGreaterThan(bits["array-4"] + 5);
  expect(bits["array-64"]).toBeGreaterThan(bits["eeg-patch"]);
  for (const name of ["eeg-culture", "fmri-culture", "fmri-patch"])
    expect(Math.abs(bits[name])).toBeLessThan(2);
  for (const { shuffledTask, shuffledLatent } of report.modalities) {
    expect(shuffledTask.mean).toBeLessThan(1.5);
    expect(shuffledLatent.mean).toBeLessThan(1.5);
  }
  expect(bandwidthTable(report)).toContain("array, 64 electrodes");
  const html = renderBandwidth(report);
  expect(html).toContain("<svg");
  expect(html).not.toMatch(/<script|src=|NaN|undefined/);
}, 120_000);
