import { describe, expect, test } from "vitest";
import { Random } from "../../../math/random.ts";
import { scorePrediction } from "../../measures/score.ts";
import { classOf } from "../classes.ts";
import { codeSeries } from "../code-series.ts";
import { type CodedSeries, contextOf, defaultCodeOptions } from "../contract.ts";
import { openSeries, taskNames } from "../open.ts";
import { predictBaselines, scoreBaselines } from "./index.ts";
import { predictLinear } from "./linear-ar.ts";
import { predictNaiveBayes } from "./naive-bayes.ts";
import { predictMarkov, predictPersistence } from "./simple.ts";

const sizes = { trainCount: 800, testCount: 200 };
const codeOf = async (series: string) => (await openSeries({ series })).code(2, sizes);

test.each(taskNames)("%s: every baseline gives distributions, and scores", async (name) => {
  const task = await codeOf(name);
  const K = task.classCount;
  const T = task.test.end - task.test.start;
  for (const [baseline, { probabilities }] of predictBaselines(task)) {
    expect(probabilities.length, baseline).toBe(T * K);
    for (let t = 0; t < T; t++) {
      const row = probabilities.subarray(t * K, (t + 1) * K);
      expect(row.every((p) => p >= 0)).toBe(true);
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    }
  }
  for (const score of scoreBaselines(task).values()) {
    expect(Number.isFinite(score.nllNats)).toBe(true);
    expect(score.accuracy).toBeGreaterThanOrEqual(0);
    expect(score.nrmse === null).toBe(task.kind === "symbols");
  }
  const chance = scoreBaselines(task).get("chance")!;
  expect(chance.accuracy).toBeCloseTo(1 / K, 12);
  expect(chance.nllNats).toBeCloseTo(Math.log(K), 12);
});

describe("known answers", () => {
  test("on the pure cycle Markov and naive Bayes are right, persistence is always wrong", async () => {
    const task = await codeOf("cycle");
    const scores = scoreBaselines(task);
    expect(scores.get("markov")!.accuracy).toBe(1);
    expect(scores.get("naiveBayes")!.accuracy).toBe(1);
    expect(scores.get("persistence")!.accuracy).toBe(0);
    expect(scores.has("linearAR")).toBe(false);
  });

  test("on the noisy cycle Markov comes to the best possible 82.5 %", async () => {
    const task = (await openSeries({ series: "noisy-cycle" })).code(3, { trainCount: 3000, testCount: 3000 });
    const { accuracy, nllNats } = scorePrediction(task, predictMarkov(task));
    expect(Math.abs(accuracy - 0.825)).toBeLessThan(4 * Math.sqrt((0.825 * 0.175) / 3000));
    const entropy = -0.825 * Math.log(0.825) - 0.175 * Math.log(0.025);
    expect(Math.abs(nllNats - entropy)).toBeLessThan(0.1);
  });

  test("persistence is the class and value of x_t", async () => {
    const task = await codeOf("laser");
    const { decisions, values } = predictPersistence(task);
    for (let t = 0; t < 200; t++) {
      expect(values![t]).toBe(task.nextValues[task.test.start + t - 1]);
      expect(decisions![t]).toBe(task.labels[task.test.start + t - 1]);
    }
  });

  test("linear AR finds x_{t+1} = 1.6 x_t - 0.9 x_{t-1} + noise, and its residual is the noise", () => {
    const random = Random.of(6);
    const x = [0, 0];
    for (let i = 2; i < 3002; i++) x.push(1.6 * x[i - 1] - 0.9 * x[i - 2] + 0.3 * random.normal());
    const options = { ...defaultCodeOptions, trainCount: 2500, testCount: 500 };
    const values = Float64Array.from(x);
    const task = codeSeries(
      { name: "ar", seed: 1, classCount: 8, delays: [0, 1], values, notes: [] },
      options,
    );
    const { values: predicted, decisions, probabilities } = predictLinear(task);
    let squares = 0;
    for (let t = 0; t < 500; t++) {
      squares += (predicted![t] - x[2502 + t]) ** 2 / 500;
      expect(decisions![t]).toBe(classOf(task.classEdges, predicted![t]));
    }
    expect(Math.sqrt(squares)).toBeGreaterThan(0.27);
    expect(Math.sqrt(squares)).toBeLessThan(0.33);
    // Calibrated: the mean probability of the decided class is how often that class comes.
    const decided = decisions!.reduce((sum, k, t) => sum + probabilities[8 * t + k], 0) / 500;
    const { accuracy } = scorePrediction(task, { probabilities });
    expect(Math.abs(decided - accuracy)).toBeLessThan(0.07);
  });

  test("naive Bayes is Bayes' rule over the places", async () => {
    const task = await codeOf("henon");
    const { probabilities } = predictNaiveBayes(task);
    const rate = (k: number, place: number) => {
      let [pulsed, count] = [1, 2];
      for (let t = task.train.start; t < task.train.end; t++)
        if (task.labels[t] === k) {
          count++;
          if (contextOf(task, t).includes(place)) pulsed++;
        }
      return pulsed / count;
    };
    for (const t of [0, 77, 199]) {
      const context = contextOf(task, task.test.start + t);
      const joint = Array.from({ length: 8 }, (_, k) => {
        const prior = priorOf(task, k);
        let product = prior;
        for (let place = 0; place < 32; place++)
          product *= context.includes(place) ? rate(k, place) : 1 - rate(k, place);
        return product;
      });
      const total = joint.reduce((a, b) => a + b);
      joint.forEach((value, k) => {
        expect(probabilities[8 * t + k]).toBeCloseTo(value / total, 10);
      });
    }
  });
});

test("what is to be learned can be learned: naive Bayes is well above chance, persistence and Markov", async () => {
  for (const name of ["laser", "henon", "mackey-glass", "lorenz", "sine"]) {
    const task = await openSeries({ series: name });
    const seeds = [1, 2, 3].map((seed) => scoreBaselines(task.code(seed)));
    const mean = (baseline: "naiveBayes" | "persistence" | "markov" | "chance") =>
      seeds.reduce((sum, scores) => sum + scores.get(baseline)!.accuracy, 0) / seeds.length;
    for (const other of ["persistence", "markov", "chance"] as const)
      expect(mean("naiveBayes"), `${name} against ${other}`).toBeGreaterThan(mean(other) + 0.1);
  }
});

function priorOf(task: CodedSeries, k: number): number {
  const labels = task.labels.subarray(task.train.start, task.train.end);
  return labels.reduce((sum, label) => sum + Number(label === k), 1);
}
