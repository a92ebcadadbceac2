import { describe, expect, test } from "vitest";
import { Noise, tensor } from "../../compute/index.ts";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { initGru } from "../../networks/recurrent.ts";
import { neuralBlend } from "../heads/blend.ts";
import { fitChannelPast } from "../heads/channel-past.ts";
import { type ForecastFit, fitForecast, meanLogRates } from "../training/fit-forecast.ts";
import {
  decodeFitState,
  decodeForecastEmulator,
  encodeFitState,
  encodeForecastEmulator,
} from "../training/saved-emulator.ts";
import { windowBatches } from "../windows/cut-windows.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import type { CountSequences } from "../windows/forecaster.ts";
import { SLOW_BINS } from "../windows/slow-means.ts";
import { openForecastEmulator } from "./forecast-emulator.ts";
import { openForecastStream } from "./forecast-stream.ts";

const shape: ForecastShape = {
  channels: 3,
  patchBins: 2,
  contextPatches: 4,
  futurePatches: 2,
  latents: 2,
  factors: 4,
  width: 16,
  heads: 2,
  blocks: 1,
  decoderWidth: 8,
  flowWidth: 16,
};

/** Channels that fire together every eighth bin: the future is predictable from the past. */
function rhythm(sequences: number, bins = 96): CountSequences {
  const random = Random.of(1, "rhythm");
  const rate = (t: number) => (t % 8 < 2 ? 3 : 0.05);
  return {
    binSeconds: 0.02,
    channels: 3,
    sequences: Array.from({ length: sequences }, () => {
      const phase = random.integer(8);
      return Uint8Array.from({ length: bins * 3 }, (_, i) =>
        drawPoisson(random, rate(phase + Math.floor(i / 3))),
      );
    }),
  };
}

const data = rhythm(20);
const options = { seed: 3, shape, budget: { steps: 600 }, learningRate: 5e-3 };

function finished(fit: ForecastFit) {
  if (!fit.finished) throw new Error("expected a finished fit");
  return fit;
}

describe("the forecasting emulator", { timeout: 600_000 }, async () => {
  const { parameters, steps } = finished(await fitForecast(data, options));
  const [batch] = windowBatches(rhythm(4), { historyBins: 8, futureBins: 4, strideBins: 5 });

  test("forecasts a rhythm better than the mean rate, by half a bit per spike or more", async () => {
    const emulator = openForecastEmulator(parameters, shape, { samples: 8 });
    const { rates, samples } = await emulator.forecast(batch!, Noise.of(1));
    const logMean = meanLogRates(data);
    let gain = 0;
    let spikes = 0;
    for (let n = 0; n < batch!.size; n++)
      for (let i = 0; i < 12; i++) {
        let rate = 0;
        for (let s = 0; s < samples; s++) rate += rates[(n * samples + s) * 12 + i] / samples;
        const count = batch!.future[n * 12 + i];
        const base = logMean[i % 3];
        gain += count * (Math.log(rate) - base) - rate + Math.exp(base);
        spikes += count;
      }
    expect(gain / spikes / Math.LN2).toBeGreaterThan(0.5);
    await emulator.dispose();
  });

  test("never sees past the window: the future does not change a forecast", async () => {
    const emulator = openForecastEmulator(parameters, shape, { samples: 2 });
    const other = { ...batch!, future: batch!.future.map((count) => count + 1) };
    expect((await emulator.forecast(other, Noise.of(1))).rates).toEqual(
      (await emulator.forecast(batch!, Noise.of(1))).rates,
    );
    await emulator.dispose();
  });

  test("a stream forecasts what the window does, patch by patch", async () => {
    const size = { inputs: 2 * 3 + SLOW_BINS.length, futureBins: 4, width: 8 };
    const recurrent = initGru(Random.of(1), size, meanLogRates(data));
    const all = { ...parameters, past: fitChannelPast(data, shape), recurrent };
    const blend = [
      { direct: 0.3, dreams: 0.1, recurrent: 0.2, past: 0.2, recent: 0.1, context: 0.1, offset: 0.2 },
      { direct: 0.5, dreams: 0.4, recurrent: 0.2, past: 0.2, recent: 0, context: 0.1, offset: 0 },
    ];
    const emulator = openForecastEmulator(all, shape, { samples: 3, blend });
    const stream = await openForecastStream(all, shape, { samples: 3, blend });
    for (const repeat of [0, 1]) {
      const [one] = windowBatches(rhythm(1 + repeat), { ...emulator.window, strideBins: 5, batchSize: 1 });
      const whole = await emulator.forecast(one!, Noise.of(1));
      let last: Float32Array | undefined;
      for (let k = 0; k < 4; k++)
        last = (await stream.push(one!.history.slice(6 * k, 6 * k + 6), Noise.of(1))).rates;
      whole.rates.forEach((rate, i) => {
        expect(Math.abs(last![i] / rate - 1)).toBeLessThan(1e-4);
      });
      stream.reset();
    }
    await stream.dispose();
    await emulator.dispose();
  });

  test("samples counts of its own", async () => {
    const emulator = openForecastEmulator(parameters, shape, { samples: 4, spikeHistory: true });
    const { counts } = await emulator.forecast(batch!, Noise.of(1));
    expect(counts!.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
    await emulator.dispose();
  });

  test("comes back from its file as it was", () => {
    const saved = {
      shape,
      parameters: { ...parameters, past: fitChannelPast(data, shape) },
      binSeconds: 0.02,
      channelNames: ["a", "b", "c"],
      steps,
      blend: neuralBlend(2),
    };
    expect(decodeForecastEmulator(encodeForecastEmulator(saved))).toEqual(saved);
  });

  test("stopped, saved and resumed, it ends with the same bits", async () => {
    const short = { ...options, budget: { steps: 60 } };
    const unstopped = finished(await fitForecast(data, short));
    let resume: ReturnType<typeof decodeFitState> | undefined;
    for (const stop of ["autoencoder", "dynamics"]) {
      const abort = new AbortController();
      const fit = await fitForecast(data, {
        ...short,
        ...(resume ? { resume } : {}),
        signal: abort.signal,
        onProgress: ({ stage }) => stage === stop && abort.abort(),
      });
      if (fit.finished) throw new Error("expected a stopped fit");
      expect(fit.state.stage).toBe(stop);
      resume = decodeFitState(encodeFitState(fit.state));
    }
    const whole = finished(await fitForecast(data, { ...short, ...(resume ? { resume } : {}) }));
    expect(whole.parameters).toEqual(unstopped.parameters);
  });
});

test("a recording too short for one window is refused with its length", async () => {
  await expect(fitForecast(rhythm(1, 11), options)).rejects.toThrow("the longest is 0.2 s");
});

test("a file that is not an emulator is refused in one line", () => {
  expect(() => decodeForecastEmulator(new Uint8Array(3))).toThrow(/^emulator file: .*$/);
  expect(() =>
    decodeFitState(encodeForecastEmulator({ parameters: { weight: tensor([1], [1]) } } as never)),
  ).toThrow("wetgrad emulator fit");
});
