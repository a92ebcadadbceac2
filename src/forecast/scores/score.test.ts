import { expect, test } from "vitest";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import type { CountSequences, Forecaster, WindowBatch } from "../windows/forecaster.ts";
import { ForecastScoreError } from "./error.ts";
import { meanCounts, type ScoreOptions, scoreForecasters } from "./score.ts";

const CHANNELS = 5;
const LENGTH = 120;
const window = { historyBins: 10, futureBins: 6, channels: CHANNELS };
const options: ScoreOptions = {
  window,
  patchBins: 3,
  samples: 40,
  seed: 3,
  strideBins: 3,
  batchSize: 16,
  oracle: "true rates",
};

/** Poisson counts whose rate swings with a period of 40 bins, each channel in its own phase. */
function trueRate(sequence: number, bin: number, channel: number): number {
  return 0.4 * Math.exp(Math.sin((2 * Math.PI * (bin + 7 * sequence)) / 40 + channel));
}

function makeData(seed: number, sequences = 24): CountSequences {
  const random = Random.of(seed);
  const make = (s: number) =>
    Uint8Array.from({ length: LENGTH * CHANNELS }, (_, i) =>
      drawPoisson(random, trueRate(s, Math.floor(i / CHANNELS), i % CHANNELS)),
    );
  return {
    binSeconds: 0.02,
    channels: CHANNELS,
    sequences: Array.from({ length: sequences }, (_, s) => make(s)),
  };
}

interface RateAt {
  readonly batch: WindowBatch;
  readonly n: number;
  readonly bin: number;
  readonly channel: number;
  readonly sample: number;
}
type Rate = (at: RateAt) => number;

function forecasterOf(name: string, samples: number, rate: Rate): Forecaster {
  return {
    name,
    window,
    forecast: async (batch) => {
      const size = window.futureBins * CHANNELS;
      const rates = Float32Array.from({ length: batch.size * samples * size }, (_, i) => {
        const [n, sample] = [Math.floor(i / size / samples), Math.floor(i / size) % samples];
        return rate({ batch, n, bin: Math.floor((i % size) / CHANNELS), channel: i % CHANNELS, sample });
      });
      return { samples, rates };
    },
    dispose: async () => {},
  };
}

const oracle: Rate = ({ batch, n, bin, channel }) =>
  trueRate(batch.sequence[n], batch.origin[n] + bin, channel);
const data = makeData(1);
const trainMean = meanCounts(makeData(2));
const flat: Rate = ({ batch, n, channel }) => {
  let sum = 0.05;
  for (let h = 0; h < 10; h++) sum += batch.history[(n * 10 + h) * CHANNELS + channel];
  return sum / 10;
};
const future: Rate = ({ batch, n, bin, channel }) => 0.05 + batch.future[(n * 6 + bin) * CHANNELS + channel];

const scores = await scoreForecasters(
  data,
  trainMean,
  [
    forecasterOf("flat", 1, flat),
    forecasterOf("true rates", 1, oracle),
    forecasterOf("train mean", 1, ({ channel }) => trainMean[channel]),
    forecasterOf("cheat", 1, future),
    forecasterOf("doubled", 8, (at) => 2 * oracle(at)),
    forecasterOf("flat again", 1, flat),
  ],
  options,
);
const [flatScores, oracleScores, meanScores, cheat, wrong, same] = scores;

test("bits per spike of the true rates, by the direct formula", () => {
  let [bits, spikes, windows] = [0, 0, 0];
  data.sequences.forEach((counts, s) => {
    for (let origin = 10; origin + 6 <= LENGTH; origin += 3, windows++)
      for (let f = 0; f < 6; f++)
        for (let c = 0; c < CHANNELS; c++) {
          const k = counts[(origin + f) * CHANNELS + c];
          const rate = trueRate(s, origin + f, c);
          bits += (k * Math.log(rate / trainMean[c]) - rate + trainMean[c]) / Math.LN2;
          spikes += k;
        }
  });
  expect(oracleScores.windows).toBe(windows);
  expect(oracleScores.bits.spikes).toBe(spikes);
  expect(oracleScores.bits.pooled.value).toBeCloseTo(bits / spikes, 5);
  expect(oracleScores.bits.mixture.value).toBeCloseTo(bits / spikes, 5);
  const { value, ci95 } = oracleScores.bits.pooled;
  expect(ci95[0]).toBeLessThan(value);
  expect(ci95[1]).toBeGreaterThan(value);
  expect(ci95[1] - ci95[0]).toBeLessThan(0.3 * value);
});

test("the train mean scores nothing, and less than nothing against the mean of the test itself", () => {
  expect(meanScores.bits.pooled.value).toBeCloseTo(0, 6);
  expect(meanScores.bits.evalMeanNull.pooled).toBeLessThan(0);
  expect(meanScores.bits.evalMeanNull.pooled).toBeGreaterThan(-0.01);
  expect(meanScores.calibration.rateSlope).toBeNull();
});

test("a right forecast is calibrated, a wrong one is not", () => {
  const { calibration } = oracleScores;
  for (const { pValue } of calibration.pit.perPatch) expect(pValue).toBeGreaterThan(0.01);
  for (const { share, pooled } of calibration.coverage)
    expect(Math.abs(pooled.value - share)).toBeLessThan(0.05);
  expect(calibration.rateSlope).toBeCloseTo(1, 1);
  expect(calibration.selfGain.expected / calibration.selfGain.observed).toBeCloseTo(1, 1);
  expect(wrong.calibration.pit.perPatch[0].pValue).toBeLessThan(1e-6);
  expect(wrong.calibration.coverage[0].pooled.value).toBeLessThan(0.4);
  expect(wrong.calibration.rateSlope).toBeLessThan(0.8);
});

test("the true rates have the best proper scores, which beat the flat forecast; its equal does not", () => {
  for (const other of [flatScores, meanScores, wrong]) {
    expect(oracleScores.crps.population.pooled.value).toBeLessThan(other.crps.population.pooled.value);
    expect(oracleScores.crps.channel.pooled.value).toBeLessThan(other.crps.channel.pooled.value);
    expect(oracleScores.energy.value).toBeLessThan(other.energy.value);
  }
  expect(oracleScores.beatsFlat).toBe(true);
  expect(flatScores.beatsFlat).toBeNull();
  expect(same.beatsFlat).toBe(false);
});

test("paired differences are differences of the scores, and opposite the other way round", () => {
  const difference = oracleScores.differences.find(({ against }) => against === "flat")!;
  const back = flatScores.differences.find(({ against }) => against === "true rates")!;
  expect(difference.bits.value).toBeCloseTo(oracleScores.bits.pooled.value - flatScores.bits.pooled.value, 9);
  difference.bitsPerPatch.forEach(({ value }, p) => {
    const [ours, theirs] = [oracleScores, flatScores].map(({ bits }) => bits.perPatch[p].value);
    expect(value).toBeCloseTo(ours! - theirs!, 9);
  });
  expect(back.bits.value).toBeCloseTo(-difference.bits.value, 12);
  expect(back.bits.ci95[0]).toBeCloseTo(-difference.bits.ci95[1], 9);
});

test("a forecast that has seen the future is called a leak", () => {
  expect(cheat.leak).toBe(true);
  expect([flatScores, oracleScores, meanScores].map(({ leak }) => leak)).toEqual([false, false, false]);
});

test("samples of the true rates look like the data, those of doubled rates do not", () => {
  const near = oracleScores.generative.populationKl;
  expect(near.value).toBeLessThan(4 * near.floor! + 0.01);
  expect(wrong.generative.populationKl.value).toBeGreaterThan(10 * near.value!);
  expect(wrong.generative.isiMeanRmse.value).toBeGreaterThan(oracleScores.generative.isiMeanRmse.value!);
});

test("scores are the same to the bit again, whatever the batch size, and all finite", async () => {
  const again = await scoreForecasters(data, trainMean, [forecasterOf("true rates", 1, oracle)], {
    ...options,
    batchSize: 7,
  });
  expect({ ...again[0], differences: [] }).toEqual({ ...oracleScores, differences: [], beatsFlat: null });
  expect(JSON.parse(JSON.stringify(scores))).toEqual(scores);
});

test("silent channels are dropped and counted", async () => {
  const silent = makeData(1);
  for (const counts of silent.sequences) for (let i = 2; i < counts.length; i += CHANNELS) counts[i] = 0;
  const [scored] = await scoreForecasters(
    silent,
    trainMean,
    [forecasterOf("true rates", 1, oracle)],
    options,
  );
  expect(scored.bits.silentChannels).toBe(1);
  expect(scored.bits.channels).toBe(CHANNELS - 1);
});

test("says in one line what cannot be scored", async () => {
  const short = { ...data, sequences: [new Uint8Array(4 * CHANNELS)] };
  const forecaster = [forecasterOf("true rates", 1, oracle)];
  await expect(scoreForecasters(short, trainMean, forecaster, options)).rejects.toThrow(ForecastScoreError);
  const quiet = { ...data, sequences: [new Uint8Array(40 * CHANNELS)] };
  await expect(scoreForecasters(quiet, trainMean, forecaster, options)).rejects.toThrow(/expected spikes/);
  await expect(scoreForecasters(data, trainMean, forecaster, { ...options, patchBins: 4 })).rejects.toThrow(
    /divide 6/,
  );
  const broken = [forecasterOf("broken", 1, () => Number.NaN)];
  await expect(scoreForecasters(data, trainMean, broken, options)).rejects.toThrow(/broken.*finite/);
});
