import { expect, test } from "vitest";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { stack } from "./blend-fit.ts";
import { fitChannelPast, forecastFromPast, pastDrive } from "./channel-past.ts";
import type { CountSequences } from "./contract.ts";
import type { ForecastShape } from "./shape.ts";
import { windowBatches } from "./windows.ts";

const shape: ForecastShape = {
  ...{ channels: 3, patchBins: 5, contextPatches: 10, futurePatches: 3, latents: 2, factors: 4 },
  ...{ width: 16, heads: 2, blocks: 1, decoderWidth: 8, flowWidth: 16 },
};
const window = { historyBins: 50, futureBins: 15 };

/** Neurons that each keep a rhythm of their own (one spike every 9, 13 or 17 bins, less or more one) and know nothing of one another. */
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
      const mean = past.mean.data[i % 3]!;
      gain[patch]! += batch.future[i]! * (log - Math.log(mean)) - Math.exp(log) + mean;
      spikes[patch]! += batch.future[i]!;
    });
  return gain.map((value, p) => value / spikes[p]! / Math.LN2);
}

test("the channel-past head knows when a neuron with a rhythm of its own fires next", () => {
  const past = fitChannelPast(clocks(5000, 1), shape);
  const rhythm = bitsByPatch(clocks(3000, 2), past);
  expect(rhythm[0]).toBeGreaterThan(0.5);
  expect(rhythm[1]).toBeGreaterThan(0.02);
  // Without a rhythm there is nothing to know, and what was learned by heart must cost little.
  const random = Random.of(3, "poisson");
  const poisson = (bins: number): CountSequences => ({
    ...{ binSeconds: 0.02, channels: 3 },
    sequences: [Uint8Array.from({ length: 3 * bins }, () => drawPoisson(random, 0.08))],
  });
  const noise = bitsByPatch(poisson(3000), fitChannelPast(poisson(5000), shape));
  for (const bits of noise) expect(Math.abs(bits)).toBeLessThan(0.05);
});

test("weights of the blend that do not sum to 1 leave the rest to the mean", () => {
  const data = clocks(400, 4);
  const past = fitChannelPast(data, shape);
  const [batch] = windowBatches(data, { ...window, strideBins: 100 });
  const mixed = pastDrive(past, new Array(3).fill({ dreams: 0.1, direct: 0.2, past: 0.3 }), batch!, shape);
  const whole = forecastFromPast(past, batch!, shape);
  mixed.forEach((value, i) => {
    expect(value).toBeCloseTo(0.3 * whole[i]! + 0.4 * Math.log(past.mean.data[i % 3]!), 4);
  });
});

test("stacking gives what is true its weight and noise none", () => {
  const random = Random.of(5, "stack");
  const rows = { logs: [] as number[], counts: [] as number[], means: [] as number[] };
  for (let n = 0; n < 20_000; n++) {
    const [noise, half, other] = [random.normal(), random.normal(), random.normal()];
    rows.logs.push(noise, half, other);
    rows.means.push(-1);
    rows.counts.push(drawPoisson(random, Math.exp(-1 + 0.6 * half + 0.4 * other)));
  }
  const { dreams, direct, past } = stack(rows);
  expect(dreams).toBeLessThan(0.03);
  expect(direct).toBeCloseTo(0.6, 1);
  expect(past).toBeCloseTo(0.4, 1);
});
