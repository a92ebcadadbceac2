import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Noise } from "../../compute/index.ts";
import { meanRates } from "../baselines/smoothed.ts";
import { cutWindows } from "../windows/cut-windows.ts";
import {
  LORENZ_BENCHMARK,
  LORENZ_CENTRE,
  LORENZ_SCALE,
  LORENZ_STEP,
  lorenzPopulation,
  STEPS_PER_BIN,
  splitTrials,
  stepLorenz,
} from "./lorenz.ts";
import { particleFilter, systematic, trueRateOracle } from "./oracles.ts";

describe("the Lorenz population", () => {
  const population = lorenzPopulation({ ...LORENZ_BENCHMARK, trials: 40 });
  const { counts, rates } = population;

  test("fires at the published rate: .104 spikes per bin, .94 % of the bins with more than one", () => {
    const all = counts.sequences.flatMap((sequence) => Array.from(sequence));
    const perBin = all.reduce((a, b) => a + b, 0) / all.length;
    expect(perBin).toBeGreaterThan(0.09);
    expect(perBin).toBeLessThan(0.12);
    const several = all.filter((count) => count > 1).length / all.length;
    expect(several).toBeGreaterThan(0.006);
    expect(several).toBeLessThan(0.013);
  });

  test("draws counts from its rates: mean and Fano factor of the residuals are a Poisson process's", () => {
    let [sum, expected, square] = [0, 0, 0];
    counts.sequences.forEach((sequence, trial) => {
      sequence.forEach((count, i) => {
        const rate = rates[trial][i];
        sum += count;
        expected += rate;
        square += (count - rate) ** 2;
      });
    });
    expect(Math.abs(sum - expected) / Math.sqrt(expected)).toBeLessThan(4);
    expect(square / expected).toBeCloseTo(1, 1);
  });

  test("is the same for the same seed, and its parts do not overlap", () => {
    const small = { seed: 3, trials: 10, bins: 20, channels: 4 };
    const [a, b] = [lorenzPopulation(small), lorenzPopulation(small)];
    expect(a.counts.sequences).toEqual(b.counts.sequences);
    const { train, validation, test: last, testFrom } = splitTrials(a.counts);
    expect([...train.sequences, ...validation.sequences, ...last.sequences]).toEqual(a.counts.sequences);
    expect(last.sequences[0]).toBe(a.counts.sequences[testFrom]);
  });

  test("rests at the fixed points of the Lorenz system when nothing shakes it", () => {
    const c = Math.sqrt((8 / 3) * 27);
    const state = Float64Array.of(c, c, 27);
    stepLorenz(state, 0, new Float32Array(3), 0);
    expect(Array.from(state)).toEqual([c, c, 27].map((value) => expect.closeTo(value, 12)));
  });
});

describe("the oracles", () => {
  const population = lorenzPopulation({ seed: 5, trials: 3, bins: 12, channels: 6 });
  // Rates of some spikes per bin: a few bins say much about the state.
  const loud = { ...population, offsets: population.offsets.map((offset) => offset + 1) };
  const window = { historyBins: 4, futureBins: 5, channels: 6 };
  const batch = cutWindows(
    population.counts,
    [
      [1, 4],
      [2, 6],
    ],
    window,
  );

  test("true rates are those of the window's own trial and bins", async () => {
    const { rates } = await trueRateOracle(population, window, 0).forecast(batch, Noise.of(1));
    expect(rates.subarray(30)).toEqual(population.rates[2].subarray(36, 66));
  });

  test("resampling takes each index as often as its weight says, give or take one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (logWeights, offset) => {
          const count = 50;
          const chosen = systematic(Float64Array.from(logWeights), count, offset);
          const total = logWeights.reduce((sum, value) => sum + Math.exp(value), 0);
          expect(chosen).toHaveLength(count);
          logWeights.forEach((value, i) => {
            const times = chosen.filter((j) => j === i).length;
            expect(Math.abs(times - (count * Math.exp(value)) / total)).toBeLessThan(1 + 1e-6);
          });
        },
      ),
    );
  });

  test("the particle filter agrees with plain importance sampling of whole paths", async () => {
    const filter = particleFilter(loud, window, 0, { seed: 1, particles: 4000, samples: 4000 });
    const one = cutWindows(loud.counts, [[1, 4]], window);
    const { rates, samples } = await filter.forecast(one, Noise.of(1));
    const size = window.futureBins * window.channels;
    const mean = Array.from({ length: size }, (_, i) => {
      let sum = 0;
      for (let s = 0; s < samples; s++) sum += rates[s * size + i];
      return sum / samples;
    });
    const reference = importanceSampling(loud, 1, { seen: 4, bins: window.futureBins }, 20_000);
    mean.forEach((rate, i) => {
      expect(Math.abs(Math.log(rate / reference[i])), `entry ${i}`).toBeLessThan(0.1);
    });
  });

  test("the particle filter forecasts the same whatever was asked before, and never sees the future", async () => {
    const make = () => particleFilter(population, window, 0, { seed: 1, particles: 50, samples: 8 });
    const straight = await make().forecast(batch, Noise.of(1));
    const filter = make();
    await filter.forecast(cutWindows(population.counts, [[2, 7]], window), Noise.of(1));
    expect((await filter.forecast(batch, Noise.of(1))).rates).toEqual(straight.rates);
    const blind = population.counts.sequences.map((sequence, trial) =>
      sequence.map((count, i) => (i < 6 * [12, 4, 6][trial] ? count : 0)),
    );
    const cut = { ...population, counts: { ...population.counts, sequences: blind } };
    const without = particleFilter(cut, window, 0, { seed: 1, particles: 50, samples: 8 });
    expect((await without.forecast(batch, Noise.of(1))).rates).toEqual(straight.rates);
  });

  test("on the benchmark's kind of data: true rates above the filter above the mean", async () => {
    const trials = lorenzPopulation({ ...LORENZ_BENCHMARK, trials: 6, bins: 130 });
    const shape = { historyBins: 100, futureBins: 5, channels: 64 };
    const windows = cutWindows(
      trials.counts,
      Array.from({ length: 30 }, (_, n): [number, number] => [n % 6, 100 + 5 * Math.floor(n / 6)]).sort(
        (a, b) => a[0] - b[0] || a[1] - b[1],
      ),
      shape,
    );
    const mean = meanRates(trials.counts);
    const bits = async (forecaster: ReturnType<typeof trueRateOracle>) => {
      const { rates, samples } = await forecaster.forecast(windows, Noise.of(1));
      let [gain, spikes] = [0, 0];
      windows.future.forEach((count, i) => {
        const [n, at] = [Math.floor(i / 320), i % 320];
        let rate = 0;
        for (let s = 0; s < samples; s++) rate += rates[(n * samples + s) * 320 + at] / samples;
        gain += count * Math.log(rate / mean[i % 64]) - rate + mean[i % 64];
        spikes += count;
      });
      return gain / spikes / Math.LN2;
    };
    const filtered = await bits(particleFilter(trials, shape, 0, { seed: 1, particles: 300, samples: 64 }));
    expect(filtered).toBeGreaterThan(0.2);
    expect(await bits(trueRateOracle(trials, shape, 0))).toBeGreaterThan(filtered);
  });
});

/** E[rate | spikes of the first `seen` bins] `[bins, C]`, from paths of the model weighted whole, never resampled. */
function importanceSampling(
  { gains, offsets, counts }: ReturnType<typeof lorenzPopulation>,
  trial: number,
  { seen, bins }: { seen: number; bins: number },
  paths: number,
): Float64Array {
  const C = counts.channels;
  const noise = Noise.of(99, "paths");
  const start = noise.normals([3 * paths]).data;
  const sums = new Float64Array(bins * C);
  let total = 0;
  for (let p = 0; p < paths; p++) {
    const state = Float64Array.from(
      { length: 3 },
      (_, d) => LORENZ_CENTRE[d] + start[3 * p + d] * LORENZ_SCALE[d],
    );
    const steps = noise.normals([3 * STEPS_PER_BIN * (50 + seen + bins)]).data;
    let at = 0;
    const advance = () => {
      for (let k = 0; k < STEPS_PER_BIN; k++, at += 3) stepOnce(state, steps, at);
    };
    const logRate = (c: number) =>
      offsets[c] +
      [0, 1, 2].reduce(
        (sum, d) => sum + (gains[3 * c + d] * (state[d] - LORENZ_CENTRE[d])) / LORENZ_SCALE[d],
        0,
      );
    for (let t = 0; t < 50; t++) advance();
    let logWeight = 0;
    for (let t = 0; t < seen; t++) {
      advance();
      for (let c = 0; c < C; c++)
        logWeight += counts.sequences[trial][t * C + c] * logRate(c) - Math.exp(logRate(c));
    }
    const weight = Math.exp(logWeight);
    total += weight;
    for (let t = 0; t < bins; t++) {
      advance();
      for (let c = 0; c < C; c++) sums[t * C + c] += weight * Math.exp(logRate(c));
    }
  }
  return sums.map((sum) => sum / total);
}

/** The Lorenz equations written out once more. */
function stepOnce(state: Float64Array, noise: ArrayLike<number>, at: number): void {
  const [x, y, z] = state as unknown as [number, number, number];
  const h = LORENZ_STEP;
  [10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z].forEach((slope, d) => {
    state[d] += h * slope + Math.sqrt(h) * noise[at + d];
  });
}
