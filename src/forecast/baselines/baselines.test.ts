import { describe, expect, test } from "vitest";
import { Noise } from "../../compute/index.ts";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { windowBatches } from "../windows/cut-windows.ts";
import type { CountSequences, Forecaster } from "../windows/forecaster.ts";
import { fitGlm } from "./glm/fit-glm.ts";
import { fitGru } from "./gru.ts";
import { fitEma, fitFlat, fitMean, meanRates } from "./smoothed.ts";

const C = 3;
const window = { historyBins: 20, futureBins: 4, channels: C };
const H = window.historyBins;

/** Sequences whose level, `levels[i % levels.length]`, lasts: the longer a memory, the better. */
function steady(levels: readonly number[], sequences = 24, bins = 120): CountSequences {
  const random = Random.of(1, "steady");
  return {
    binSeconds: 0.02,
    channels: C,
    sequences: Array.from({ length: sequences }, (_, i) =>
      Uint8Array.from({ length: bins * C }, () => drawPoisson(random, levels[i % levels.length])),
    ),
  };
}

describe("baselines that average a channel's own past", () => {
  const data = steady([0.5, 4]);
  const [batch] = windowBatches(data, { ...window, strideBins: 30 });
  /** History of window `n`, channel `c`, oldest first. */
  const past = (n: number, c: number) =>
    Array.from({ length: H }, (_, h) => batch!.history[(n * H + h) * C + c]);

  test("the mean is the training mean, everywhere", async () => {
    const { rates } = await fitMean(data, window).forecast(batch!, Noise.of(1));
    rates.forEach((rate, i) => {
      const all = data.sequences.flatMap((sequence) =>
        Array.from(sequence).filter((_, k) => k % C === i % C),
      );
      expect(rate).toBeCloseTo(all.reduce((a, b) => a + b, 0) / all.length, 2);
    });
  });

  // For each horizon: the share that explains one window must explain all of them.
  const explains = async (forecaster: Forecaster, averages: readonly ((past: number[]) => number)[]) => {
    const mean = meanRates(data);
    const { rates } = await forecaster.forecast(batch!, Noise.of(1));
    for (let f = 0; f < window.futureBins; f++) {
      const errors = averages.map((average) => {
        const pairs = Array.from({ length: batch!.size * C }, (_, i) => {
          const [n, c] = [Math.floor(i / C), i % C];
          const smooth = average(past(n, c)) - mean[c];
          return [smooth, rates[(n * window.futureBins + f) * C + c] - mean[c]] as const;
        });
        const share =
          pairs.reduce((sum, [x, y]) => sum + x * y, 0) / pairs.reduce((sum, [x]) => sum + x * x, 0);
        return Math.max(...pairs.map(([x, y]) => Math.abs(y - share * x)));
      });
      expect(Math.min(...errors), `bin ${f}`).toBeLessThan(1e-4);
    }
  };

  test("the flat forecast is a share of the mean of the last bins and the rest the training mean", () =>
    explains(
      fitFlat(data, window),
      [5, 10, 15].map((bins) => (counts) => counts.slice(-bins).reduce((a, b) => a + b, 0) / bins),
    ));

  test("the moving average weighs the whole history by exp(-age / decay), weights summing to one", () =>
    explains(
      fitEma(data, window),
      [1, 2, 4, 8, 16, 32, 64].map((decay) => (counts) => {
        const weights = counts.map((_, h) => Math.exp((h - H) / decay));
        const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
        return sum(counts.map((count, h) => count * weights[h])) / sum(weights);
      }),
    ));

  test("where levels last, a moving average keeps them", async () => {
    const { rates } = await fitEma(data, window).forecast(batch!, Noise.of(1));
    for (const [parity, level] of [0.5, 4].entries()) {
      const own = Array.from(rates).filter(
        (_, i) => batch!.sequence[Math.floor(i / (window.futureBins * C))] % 2 === parity,
      );
      expect(Math.abs(own.reduce((a, b) => a + b, 0) / own.length / level - 1)).toBeLessThan(0.25);
    }
  });

  test("silence is never forecast for certain", async () => {
    const silent = { ...batch!, history: new Float32Array(batch!.history.length) };
    for (const forecaster of [fitFlat(data, window), fitEma(data, window)])
      expect(Math.min(...(await forecaster.forecast(silent, Noise.of(1))).rates)).toBeGreaterThan(1e-3);
  });
});

/** Counts of a GLM: log rate = offset + weights . (smoothed counts of all channels, 3 bins), and its rates. */
function glmData(sequences: number, seed: number) {
  const random = Random.of(seed, "glm");
  const weights = [
    [0.3, -0.7, 0.2],
    [0.5, 0.1, -0.6],
    [-0.6, 0.4, 0.2],
  ];
  const keep = Math.exp(-1 / 3);
  const rates: Float32Array[] = [];
  const counts = Array.from({ length: sequences }, () => {
    const smooth = new Float64Array(C).fill(1);
    const out = new Uint8Array(200 * C);
    const rate = new Float32Array(200 * C);
    for (let t = 0; t < 200; t++) {
      for (let c = 0; c < C; c++) {
        const log = weights[c].reduce((sum, w, from) => sum + w * (smooth[from] - 1), 0);
        rate[t * C + c] = Math.exp(log);
        out[t * C + c] = drawPoisson(random, rate[t * C + c]);
      }
      for (let c = 0; c < C; c++) smooth[c] = keep * smooth[c] + (1 - keep) * out[t * C + c];
    }
    rates.push(rate);
    return out;
  });
  return { data: { binSeconds: 0.02, channels: C, sequences: counts } satisfies CountSequences, rates };
}

describe("trained baselines", () => {
  const train = glmData(60, 1);
  const validation = glmData(15, 2);
  const held = glmData(15, 3);
  const single = { ...window, futureBins: 1 };
  /** Slope and correlation of forecast log rates on the true ones. */
  const recovery = async (forecaster: Forecaster) => {
    const pairs: [number, number][] = [];
    for (const batch of windowBatches(held.data, { ...single, strideBins: 7 })) {
      const { rates } = await forecaster.forecast(batch, Noise.of(1));
      rates.forEach((rate, i) => {
        const n = Math.floor(i / C);
        pairs.push([Math.log(held.rates[batch.sequence[n]][batch.origin[n] * C + (i % C)]), Math.log(rate)]);
      });
    }
    const mean = (of: (pair: [number, number]) => number) =>
      pairs.reduce((sum, p) => sum + of(p), 0) / pairs.length;
    const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)];
    const xy = mean(([x, y]) => (x - mx) * (y - my));
    const xx = mean(([x]) => (x - mx) ** 2);
    return { slope: xy / xx, correlation: xy / Math.sqrt(xx * mean(([, y]) => (y - my) ** 2)) };
  };

  test("a GLM recovers the rates of a GLM", async () => {
    const { slope, correlation } = await recovery(await fitGlm(train.data, validation.data, single));
    expect(correlation).toBeGreaterThan(0.95);
    expect(Math.abs(slope - 1)).toBeLessThan(0.15);
  });

  test("a small GRU comes near them", async () => {
    const gru = { seed: 1, steps: 300, batchSize: 64, patchBins: 2, width: 16 };
    const { correlation } = await recovery(await fitGru(train.data, validation.data, single, gru));
    expect(correlation).toBeGreaterThan(0.8);
  });

  test("fits repeat to the bit, and no forecast looks at the future", async () => {
    const options = { seed: 4, steps: 5, batchSize: 8 };
    const [batch] = windowBatches(held.data, { ...window, strideBins: 50 });
    const blind = { ...batch!, future: new Float32Array(batch!.future.length) };
    for (const fitter of [fitGlm, fitGru]) {
      const [a, b] = await Promise.all(
        [1, 2].map(() => fitter(train.data, validation.data, window, options)),
      );
      const { rates } = await a!.forecast(batch!, Noise.of(1));
      expect((await b!.forecast(blind, Noise.of(2))).rates).toEqual(rates);
      expect(Math.min(...rates)).toBeGreaterThan(0);
    }
  });
});
