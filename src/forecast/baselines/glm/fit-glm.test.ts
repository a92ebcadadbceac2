import { describe, expect, test } from "vitest";
import { Noise } from "../../../compute/index.ts";
import { choleskySolve } from "../../../math/linear.ts";
import { drawPoisson } from "../../../math/poisson.ts";
import { Random } from "../../../math/random.ts";
import { bitsPerSpike } from "../../scores/quick-bits.ts";
import { cutWindows } from "../../windows/cut-windows.ts";
import type { CountSequences } from "../../windows/forecaster.ts";
import { fitFlat, meanRates } from "../smoothed.ts";
import { fitGlm } from "./fit-glm.ts";
import { GlmInputMaker } from "./inputs.ts";
import { glmLikelihood } from "./likelihood.ts";
import { fitRegressions } from "./ridge.ts";

test("the fit is that of iteratively reweighted least squares", async () => {
  const [N, C, G, K, S] = [400, 2, 3, 2, 3];
  const [P, O] = [1 + S + K, C * G];
  const random = Random.of(1, "irls");
  const numbers = (length: number) => Float32Array.from({ length }, () => random.normal());
  const [shared, own] = [numbers(N * S), numbers(C * N * K)];
  const truth = numbers(P * O).map((value) => 0.4 * value);
  const offset = Float32Array.from({ length: O }, (_, o) => -0.5 + 0.2 * o);
  /** `[P]` inputs of window n for regression o. */
  const row = (n: number, o: number) => [
    1,
    ...shared.subarray(n * S, (n + 1) * S),
    ...own.subarray((Math.floor(o / G) * N + n) * K, (Math.floor(o / G) * N + n + 1) * K),
  ];
  const eta = (coefficients: ArrayLike<number>, n: number, o: number) =>
    row(n, o).reduce((sum, x, p) => sum + x * coefficients[p * O + o], offset[o]);
  const counts = Float32Array.from({ length: N * O }, (_, i) =>
    drawPoisson(random, Math.exp(eta(truth, Math.floor(i / O), i % O))),
  );
  const ridge = Float64Array.from({ length: O }, (_, o) => 3 + o);
  const mask = Float32Array.from({ length: N }, (_, n) => +(n % 5 > 0));
  const data = { windows: N, shared, own, counts, offset };
  const likelihood = await glmLikelihood(data, { channels: C, horizons: G }, { device: "cpu", threads: 1 });
  const found = await fitRegressions(likelihood, { ridge, mask, start: new Float64Array(P * O) });
  await likelihood.dispose();

  for (let o = 0; o < O; o++) {
    let beta = new Float64Array(P);
    for (let round = 0; round < 30; round++) {
      const normal = new Float64Array(P * P);
      const right = new Float64Array(P);
      for (let p = 0; p < P; p++) normal[p * P + p] = p === 0 ? 0.1 : ridge[o];
      for (let n = 0; n < N; n++) {
        if (!mask[n]) continue;
        const x = row(n, o);
        const linear = x.reduce((sum, value, p) => sum + value * beta[p], 0);
        const rate = Math.exp(offset[o] + linear);
        const working = linear + (counts[n * O + o] - rate) / rate;
        for (let p = 0; p < P; p++) {
          right[p] += rate * x[p] * working;
          for (let q = 0; q < P; q++) normal[p * P + q] += rate * x[p] * x[q];
        }
      }
      beta = choleskySolve(normal, right) as Float64Array<ArrayBuffer>;
    }
    beta.forEach((value, p) => {
      expect(Math.abs(found[p * O + o] - value), `coefficient ${p} of ${o}`).toBeLessThan(0.01);
    });
  }
});

test("its inputs hold what the flat and the exponential average know", () => {
  const random = Random.of(2, "inputs");
  const [H, C] = [30, 3];
  const counts = Uint8Array.from({ length: H * C }, () => random.integer(3));
  const data = { binSeconds: 0.02, channels: C, sequences: [counts] };
  const mean = Float32Array.from([0.5, 1, 1.5]);
  const maker = new GlmInputMaker(mean, H);
  const { own } = maker.of(cutWindows(data, [[0, H]], { historyBins: H, futureBins: 0 }));
  const past = (c: number, bins: number) =>
    Array.from({ length: bins }, (_, age) => counts[(H - 1 - age) * C + c]);
  for (let c = 0; c < C; c++) {
    const flat = past(c, 5).reduce((a, b) => a + b) / 5;
    expect(own[c * maker.counts.own]).toBeCloseTo(Math.log((flat + 0.1) / (mean[c] + 0.1)), 5);
    const weights = past(c, H).map((_, age) => Math.exp(-age / 64));
    const decayed = past(c, H).reduce((sum, count, age) => sum + count * weights[age], 0);
    const average = decayed / weights.reduce((a, b) => a + b);
    const last = own[(c + 1) * maker.counts.own - 1];
    expect(last).toBeCloseTo(Math.log((average + 0.5 / 128) / (mean[c] + 0.5 / 128)), 5);
  }
});

describe("on cultures that burst", () => {
  const C = 4;
  const window = { historyBins: 50, futureBins: 10, channels: C };
  /** Silence, and bursts of two seconds at a rate of their own. */
  function bursting(seed: number, bins: number): CountSequences {
    const random = Random.of(seed, "bursts");
    const counts = new Uint8Array(bins * C);
    let [left, rate] = [0, 0.02];
    for (let t = 0; t < bins; t++) {
      if (left-- <= 0) {
        const burst = rate < 0.1;
        rate = burst ? 0.3 + 2 * random.uniform() : 0.02;
        left = burst ? 100 : 100 + random.integer(200);
      }
      for (let c = 0; c < C; c++) counts[t * C + c] = drawPoisson(random, rate);
    }
    return { binSeconds: 0.02, channels: C, sequences: [counts] };
  }

  test("it is above the flat last window", async () => {
    const [train, validation, held] = [bursting(1, 6000), bursting(2, 1500), bursting(3, 3000)];
    const base = meanRates(train);
    const glm = await bitsPerSpike(await fitGlm(train, validation, window), held, base);
    expect(glm).toBeGreaterThan(await bitsPerSpike(fitFlat(train, window), held, base));
  });

  test("a stronger ridge is chosen where there is less to learn from", async () => {
    const noise = {
      ...bursting(1, 1500),
      sequences: [Uint8Array.from(Random.of(4).normals(1500 * C), (x) => +(x > 1))],
    };
    const glm = await fitGlm(noise, { ...noise, sequences: [] }, window);
    const [batch] = [cutWindows(noise, [[0, 500]], window)];
    const { rates } = await glm.forecast(batch, Noise.of(1));
    const mean = meanRates(noise);
    rates.forEach((rate, i) => {
      expect(Math.abs(Math.log(rate / mean[i % C]))).toBeLessThan(0.25);
    });
  });
});
