/**
 * The emulator as a forecaster on the stochastic Lorenz population (src/forecast/synthetic): bits per spike over the
 * training mean for each of the next five 100-ms patches, beside a population GLM, a GRU, a moving average, and the two
 * oracles: the particle filter on the true model (the achievable ceiling) and the true rates.
 *
 * WETGRAD_BENCH_SECONDS: seconds of training of the emulator (default 300); WETGRAD_BENCH_TRIALS: trials (default 500).
 */

import { Noise } from "../src/compute/index.ts";
import { fitGlm } from "../src/forecast/baselines/glm/fit-glm.ts";
import { fitGru } from "../src/forecast/baselines/gru.ts";
import { fitEma, fitFlat, meanRates } from "../src/forecast/baselines/smoothed.ts";
import { blendOf } from "../src/forecast/heads/blend.ts";
import { fitChannelPast } from "../src/forecast/heads/channel-past.ts";
import { type ForecastEmulator, openForecastEmulator } from "../src/forecast/rollout/forecast-emulator.ts";
import { openForecastStream } from "../src/forecast/rollout/forecast-stream.ts";
import { scoreForecasters } from "../src/forecast/scores/score.ts";
import type { ForecastScores } from "../src/forecast/scores/types.ts";
import { LORENZ_BENCHMARK, lorenzPopulation, splitTrials } from "../src/forecast/synthetic/lorenz.ts";
import { particleFilter, trueRateOracle } from "../src/forecast/synthetic/oracles.ts";
import { fitForecast } from "../src/forecast/training/fit-forecast.ts";
import { defaultShape } from "../src/forecast/windows/forecast-shape.ts";
import type { CountSequences, Forecaster } from "../src/forecast/windows/forecaster.ts";
import { SLOW_BINS } from "../src/forecast/windows/slow-means.ts";
import { Random } from "../src/math/random.ts";
import { initGru, joinGrus } from "../src/networks/recurrent.ts";

const SEED = 1;
const SAMPLES = 64;
/** Of the recurrent head's networks. */
const GRU_WIDTH = 128;

export async function run(): Promise<object> {
  const seconds = Number(process.env["WETGRAD_BENCH_SECONDS"] ?? 300);
  const trials = Number(process.env["WETGRAD_BENCH_TRIALS"] ?? LORENZ_BENCHMARK.trials);
  const population = lorenzPopulation({ ...LORENZ_BENCHMARK, trials });
  const { train, validation, test, testFrom } = splitTrials(population.counts);
  const shape = defaultShape(population.counts.channels);
  const window = { historyBins: 100, futureBins: 25, channels: shape.channels };

  const fit = await fitForecast(train, { seed: SEED, shape, budget: { seconds }, threads: 2 });
  if (!fit.finished) throw new Error("bench: the fit was stopped");
  console.error(`emulator: ${fit.steps} steps in ${seconds} s`);
  const emulator = openForecastEmulator(fit.parameters, shape, { samples: SAMPLES, threads: 2 });
  const started = performance.now();
  const glm = await fitGlm(train, validation, window, { threads: 2 });
  const fittedGlm = performance.now();
  const gru = await fitGru(train, validation, window, { seed: SEED, threads: 2 });
  console.error(
    `glm: ${((fittedGlm - started) / 1000).toFixed(0)} s; gru: ${((performance.now() - fittedGlm) / 1000).toFixed(0)} s`,
  );
  const forecasters: Forecaster[] = [
    emulator,
    glm,
    gru,
    fitEma(train, window),
    fitFlat(train, window),
    particleFilter(population, window, testFrom, { seed: SEED, particles: 1000, samples: SAMPLES }),
    trueRateOracle(population, window, testFrom),
  ];
  const scores = await scoreForecasters(test, meanRates(train), forecasters, {
    window,
    patchBins: shape.patchBins,
    samples: SAMPLES,
    seed: SEED,
    strideBins: 5,
    oracle: "true rate",
  });
  const stepP99Ms = await stepLatency(emulator, train, test);
  for (const forecaster of forecasters) await forecaster.dispose();
  return figures(scores, stepP99Ms);
}

/**
 * A stream on one thread, 2 s of context kept, 8 samples of the next 500 ms per patch: the 99th percentile (ms). With the
 * heads that an emulator of a recording has, too: untrained, which costs the same.
 */
async function stepLatency(
  { parameters, shape }: ForecastEmulator,
  train: CountSequences,
  data: CountSequences,
): Promise<number> {
  const size = {
    inputs: shape.patchBins * shape.channels + SLOW_BINS.length,
    futureBins: shape.futurePatches * shape.patchBins,
    width: GRU_WIDTH,
  };
  const logMean = meanRates(train).map(Math.log);
  const network = (k: number) => initGru(Random.of(SEED, "latency", k), size, logMean);
  const heads = { past: fitChannelPast(train, shape), recurrent: joinGrus([network(0), network(1)]) };
  const blend = blendOf(shape.futurePatches, { direct: 0.3, dreams: 0.1, recurrent: 0.3, past: 0.3 });
  const stream = await openForecastStream({ ...parameters, ...heads }, shape, { blend });
  const noise = Noise.of(SEED, "latency");
  const length = shape.patchBins * shape.channels;
  const times: number[] = [];
  for (const counts of data.sequences)
    for (let at = 0; at + length <= counts.length; at += length) {
      const patch = Float32Array.from(counts.subarray(at, at + length));
      const start = performance.now();
      await stream.push(patch, noise);
      times.push(performance.now() - start);
    }
  await stream.dispose();
  const warm = times.slice(20).sort((a, b) => a - b);
  return warm[Math.floor(0.99 * warm.length)];
}

function figures(scores: readonly ForecastScores[], stepP99Ms: number): object {
  const bits = (name: string, patch: number) =>
    scores.find((score) => score.name === name)!.bits.perPatch[patch].value;
  const emulator = scores[0];
  const patches = emulator.bits.perPatch.map((_, p) => ({
    emulator: bits("emulator", p),
    glm: bits("glm", p),
    gru: bits("gru", p),
    ema: bits("ema", p),
    particleFilter: bits("particle filter", p),
    trueRate: bits("true rate", p),
  }));
  const { pit, coverage } = emulator.calibration;
  return {
    patches,
    ofAchievable: patches.map((patch) => patch.emulator / patch.particleFilter),
    pitP: Math.min(...pit.perPatch.map(({ pValue }) => pValue)),
    pitPByPatch: pit.perPatch.map(({ pValue }) => pValue),
    coverage: coverage.map(({ share, pooled }) => ({ share, covered: pooled.value })),
    energy: Object.fromEntries(scores.map(({ name, energy }) => [name, energy.value])),
    flat: emulator.bits.perPatch.map((_, p) => bits("flat", p)),
    beatsFlat: emulator.beatsFlat,
    leak: emulator.leak,
    stepP99Ms,
  };
}
