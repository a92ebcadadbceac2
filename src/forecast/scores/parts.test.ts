import fc from "fast-check";
import { expect, test } from "vitest";
import { pearson } from "../../math/correlation.ts";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { mean, variance } from "../../math/statistics.ts";
import { evalMeanGain, logMeanExp } from "./bits.ts";
import { blockRule, estimate, estimateDifference } from "./blocks.ts";
import { energyScore, fairCrps } from "./crps.ts";
import { Activity, distances } from "./generative.ts";
import { kolmogorovP, PitHistogram, randomisedPit } from "./pit.ts";

const count = fc.integer({ min: 0, max: 30 });

test("fair CRPS is its definition by pairs, and the energy score of one number", () => {
  fc.assert(
    fc.property(fc.array(count, { minLength: 2, maxLength: 12 }), count, (samples, truth) => {
      let [error, spread] = [0, 0];
      for (const a of samples) {
        error += Math.abs(a - truth) / samples.length;
        for (const b of samples) spread += Math.abs(a - b) / (samples.length * (samples.length - 1));
      }
      const values = Float64Array.from(samples);
      expect(fairCrps(values, truth)).toBeCloseTo(error - spread / 2, 9);
      expect(energyScore(values, Float64Array.of(truth))).toBeCloseTo(error - spread / 2, 9);
    }),
  );
});

test("fair CRPS of few samples has the expectation of the exact one", () => {
  // X is 0, 1 or 4 with shares .5 .3 .2: CRPS = sum over integers of (F(x) - 1{y <= x})^2.
  const truth = 1;
  const exact = 0.5 ** 2 + 0.2 ** 2 * 3;
  const random = Random.of(5);
  const draw = () => {
    const u = random.uniform();
    return u < 0.5 ? 0 : u < 0.8 ? 1 : 4;
  };
  const scores = Array.from({ length: 20_000 }, () =>
    fairCrps(Float64Array.of(draw(), draw(), draw()), truth),
  );
  expect(mean(scores)).toBeCloseTo(exact, 1);
  expect(Math.abs(mean(scores) - exact)).toBeLessThan(4 * Math.sqrt(variance(scores) / scores.length));
});

test.each([4, 50])(
  "the transform of a true forecast of %i samples is uniform, of a wrong one not",
  (size) => {
    const random = Random.of(2);
    const [right, low] = [new PitHistogram(), new PitHistogram()];
    for (let i = 0; i < 3000; i++) {
      const samples = Float64Array.from({ length: size }, () => drawPoisson(random, 2));
      right.add(randomisedPit(samples, drawPoisson(random, 2), random.uniform()));
      low.add(randomisedPit(samples, drawPoisson(random, 2.6), random.uniform()));
    }
    expect(right.kolmogorovSmirnov().pValue).toBeGreaterThan(0.01);
    expect(low.kolmogorovSmirnov().pValue).toBeLessThan(1e-6);
    expect(right.counts(10).reduce((a, b) => a + b)).toBe(3000);
  },
);

test("Kolmogorov's distance has its tabled critical values", () => {
  // Exact tables: n = 20: 0.294 at 5 %, 0.352 at 1 %; n = 100: 0.134 at 5 %.
  expect(kolmogorovP(0.294, 20)).toBeCloseTo(0.05, 2);
  expect(kolmogorovP(0.352, 20)).toBeCloseTo(0.01, 2);
  expect(kolmogorovP(0.134, 100)).toBeCloseTo(0.05, 2);
});

test("the block bootstrap of a mean has about the width of the normal interval", () => {
  const random = Random.of(8);
  const rows = Array.from({ length: 100 }, () => Float64Array.of(random.normal(), 1));
  const { value, ci95 } = estimate(rows, { over: [0], under: [1] }, 1);
  const width = (3.92 * Math.sqrt(variance(rows.map(([x]) => x)))) / 10;
  expect(value).toBeCloseTo(mean(rows.map(([x]) => x)), 12);
  expect((ci95[1] - ci95[0]) / width).toBeCloseTo(1, 0.5);
});

test("a paired difference is narrower than either where both share their noise", () => {
  const random = Random.of(9);
  const a = Array.from({ length: 50 }, () => Float64Array.of(random.normal(), 1));
  const b = a.map(([x, one]) => Float64Array.of(x - 0.1, one));
  const { value, ci95 } = estimateDifference(a, b, { over: [0], under: [1] }, 1);
  expect(value).toBeCloseTo(0.1, 12);
  expect(ci95[1] - ci95[0]).toBeLessThan(1e-9);
});

test("few sequences are cut into stretches, each in one sequence; many are blocks of their own", () => {
  const few = blockRule([1000, 500], 10);
  const blocks = new Set<number>();
  for (let t = 0; t < 1000; t++) blocks.add(few(0, t));
  expect(blocks.size).toBe(27);
  for (let t = 0; t < 500; t++) expect(blocks.has(few(1, t))).toBe(false);
  expect(blockRule(new Array(20).fill(100), 10)(7, 99)).toBe(7);
});

test("the gain of the windows' own mean, by the direct sum", () => {
  const counts = [3, 0, 1, 2];
  const nullRate = 0.7;
  const own = mean(counts);
  const direct = counts.reduce((sum, k) => sum + k * Math.log(own / nullRate) - own + nullRate, 0);
  expect(evalMeanGain(Float64Array.of(6), 4, Float32Array.of(nullRate), [0])[0]).toBeCloseTo(direct, 6);
  expect(logMeanExp(Float64Array.of(-1000, -1000 + Math.log(3)))).toBeCloseTo(-1000 + Math.log(2), 9);
});

test("activity: correlations as Pearson has them, intervals by hand", () => {
  const random = Random.of(4);
  const bins = Array.from({ length: 60 }, () => {
    const shared = drawPoisson(random, 0.5);
    return [shared + drawPoisson(random, 0.3), shared, drawPoisson(random, 0.4)];
  });
  const activity = new Activity([0, 1, 2], 3, 0.02);
  activity.add(bins.slice(0, 30).flat());
  activity.add(bins.slice(30).flat());
  for (const [i, j] of [
    [0, 1],
    [0, 2],
  ])
    expect(activity.correlation(i, j)).toBeCloseTo(
      pearson(
        bins.map((row) => row[i]),
        bins.map((row) => row[j]),
      ),
      9,
    );
  const pair = new Activity([0], 1, 0.1);
  pair.add([1, 0, 2]);
  // Spikes at 50, 225 and 275 ms.
  expect(pair.interval(0, 1)!.mean).toBeCloseTo((0.175 + 0.05) / 2, 9);
  expect(pair.interval(0, 1)!.deviation).toBeCloseTo((0.175 - 0.05) / 2, 9);
  expect(distances(activity, activity)).toMatchObject({ populationKl: 0, correlationRmse: 0 });
});
