import { expect, test } from "vitest";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { windowBatches } from "../windows/cut-windows.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import type { CountSequences } from "../windows/forecaster.ts";
import { blendOf, plainLogRates } from "./blend.ts";
import { fitChannelPast, forecastFromPast } from "./channel-past.ts";

const shape: ForecastShape = {
  channels: 3,
  patchBins: 5,
  contextPatches: 10,
  futurePatches: 3,
  latents: 2,
  factors: 4,
  width: 16,
  heads: 2,
  blocks: 1,
  decoderWidth: 8,
  flowWidth: 16,
};
const window = { historyBins: 50, futureBins: 15 };

/** Independent neurons with their own rhythms: one spike every 9, 13 or 17 bins, give or take one. */
function clocks(bins: number, seed: number): CountSequences {
  const random = Random.of(seed, "clocks");
  const counts = new Uint8Array(bins * 3);
  [9, 13, 17].forEach((period, c) => {
    for (let at = random.integer(period); at < bins; at += period - 1 + random.integer(3))
      counts[at * 3 + c] = 1;
  });
  return { binSeconds: 0.02, channels: 3, sequences: [counts] };
}

/** Bits per spike over the mean rates of log rates `[N, F, C]`, patch by patch. */
function bitsByPatch(data: CountSequences, past: ReturnType<typeof fitChannelPast>) {
  const [gain, spikes] = [new Float64Array(3), new Float64Array(3)];
  for (const batch of windowBatches(data, { ...window, strideBins: 3 }))
    forecastFromPast(past, batch, shape).forEach((log, i) => {
      const patch = Math.floor((Math.floor(i / 3) % 15) / 5);
      const mean = past.mean.data[i % 3];
      gain[patch] += batch.future[i] * (log - Math.log(mean)) - Math.exp(log) + mean;
      spikes[patch] += batch.future[i];
    });
  return gain.map((value, p) => value / spikes[p] / Math.LN2);
}

test("the channel-past head predicts when a neuron with its own rhythm fires next", () => {
  const past = fitChannelPast(clocks(5000, 1), shape);
  const rhythm = bitsByPatch(clocks(3000, 2), past);
  expect(rhythm[0]).toBeGreaterThan(0.5);
  expect(rhythm[1]).toBeGreaterThan(0.02);
  // Without a rhythm there is nothing to predict, and overfitting must cost little.
  const random = Random.of(3, "poisson");
  const poisson = (bins: number): CountSequences => ({
    binSeconds: 0.02,
    channels: 3,
    sequences: [Uint8Array.from({ length: 3 * bins }, () => drawPoisson(random, 0.08))],
  });
  const noise = bitsByPatch(poisson(3000), fitChannelPast(poisson(5000), shape));
  for (const bits of noise) expect(Math.abs(bits)).toBeLessThan(0.05);
});

test("no forecast goes beyond what was ever seen of its channel", () => {
  const past = fitChannelPast(clocks(600, 4), shape);
  const storm = {
    size: 1,
    history: new Float32Array(50 * 3).fill(9),
    slow: new Float32Array(50 * 4).fill(27),
  };
  forecastFromPast(past, storm, shape).forEach((log, i) => {
    expect(Math.exp(log)).toBeLessThanOrEqual(past.most.data[i % 3] * (1 + 1e-5));
  });
});

test("what is not of the networks is a weighted sum of logs: the head, the means of the past and the mean rate", () => {
  const data = clocks(400, 4);
  const past = fitChannelPast(data, shape);
  const [batch] = windowBatches(data, { ...window, strideBins: 100 });
  const blend = blendOf(3, {
    direct: 0.1,
    recurrent: 0.2,
    past: 0.3,
    recent: 0.2,
    context: 0.15,
    offset: 0.25,
  });
  const head = forecastFromPast(past, batch!, shape);
  plainLogRates(past, blend, batch!, shape).forEach((rate, i) => {
    const [n, c] = [Math.floor(i / 45), i % 3];
    const own = Array.from({ length: 50 }, (_, h) => batch!.history[(n * 50 + h) * 3 + c]);
    const mean = past.mean.data[c];
    const over = (of: number[], floor: number) =>
      Math.log((of.reduce((a, b) => a + b, 0) / of.length / mean + floor) / (1 + floor));
    const expected =
      0.3 * (head[i] - Math.log(mean)) + 0.2 * over(own.slice(-13), 0.5) + 0.15 * over(own, 0.2);
    expect(rate).toBeCloseTo(expected + 0.7 * Math.log(mean) + 0.25, 4);
  });
});
