import { describe, expect, test } from "vitest";
import { Noise, tensor } from "../../compute/index.ts";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { HISTORY_BINS } from "../heads/spike-history.ts";
import { randomisedPit } from "../scores/pit.ts";
import { windowBatches } from "../windows/cut-windows.ts";
import type { CountSequences, Forecaster } from "../windows/forecaster.ts";
import { following, headAt } from "./following.ts";

const [C, B, P, S] = [3, 5, 2, 32];
const window = { historyBins: 20, futureBins: B * P, channels: C };
const RATE = 0.6;
const head = {
  weight: tensor([C, HISTORY_BINS], new Float32Array(C * HISTORY_BINS)),
  offset: tensor([C], new Float32Array(C)),
};

/** Counts whose rate changes from patch to patch by a factor of relative variance `spread`. */
function culture(spread: (bin: number) => number, bins: number, seed = 1): CountSequences {
  const random = Random.of(seed, "culture");
  const counts = new Uint8Array(bins * C);
  let factor = 1;
  for (let t = 0; t < bins; t++) {
    const deviation = Math.sqrt(Math.log1p(spread(t)));
    if (t % B === 0) factor = Math.exp(deviation * random.normal() - deviation ** 2 / 2);
    for (let c = 0; c < C; c++) counts[t * C + c] = drawPoisson(random, RATE * factor);
  }
  return { binSeconds: 0.02, channels: C, sequences: [counts] };
}

/** Knows the mean rate, or a share of it, and thinks that samples vary about it by `spread`. */
function steady(spread: number, share = 1): Forecaster {
  const deviation = Math.sqrt(Math.log1p(spread));
  return {
    name: "steady",
    window,
    async forecast({ size }, noise) {
      const normal = noise.normals([size, S]).data;
      const rates = new Float32Array(size * S * B * P * C);
      const each = B * P * C;
      for (let i = 0; i < rates.length; i++)
        rates[i] = share * RATE * Math.exp(deviation * normal[Math.floor(i / each)] - deviation ** 2 / 2);
      return { samples: S, rates };
    },
    async dispose() {},
  };
}

/** Share of the patches' counts in the central 90 % of the samples. */
async function coverage(forecaster: Forecaster, data: CountSequences): Promise<number> {
  const random = Random.of(9, "coverage");
  let [n, held, k] = [0, 0, 0];
  for (const batch of windowBatches(data, { ...window, strideBins: B, batchSize: 16 })) {
    const { counts } = await forecaster.forecast(batch, Noise.of(1, k++));
    for (let w = 0; w < batch.size; w++)
      for (let p = 0; p < P; p++) {
        const sum = (of: Float32Array, at: number) =>
          of.subarray(at + p * B * C, at + (p + 1) * B * C).reduce((a, b) => a + b, 0);
        const each = B * P * C;
        const samples = Float64Array.from({ length: S }, (_, s) => sum(counts!, (w * S + s) * each));
        const pit = randomisedPit(samples, sum(batch.future, w * each), random.uniform());
        n++;
        if (Math.abs(pit - 0.5) <= 0.45) held++;
      }
  }
  return held / n;
}

describe("a forecaster that follows a recording", () => {
  const bins = 5 * 1200;

  test.each([
    ["too narrow", 0, () => 0.6],
    ["too wide", 1.5, () => 0],
    ["right at first, then too narrow", 0, (bin: number) => (bin < bins / 2 ? 0 : 1)],
  ])("%s: 90 of 100 are held all the same", async (_, thought, truth) => {
    const data = culture(truth, bins);
    const share = await coverage(following(steady(thought), head, P), data);
    expect(share).toBeGreaterThan(0.88);
    expect(share).toBeLessThan(0.92);
  });

  test("of one whose mean is too low, as many counts are above the interval as below", async () => {
    const data = culture(() => 0.1, 2 * bins);
    const beyond = { below: 0, above: 0, all: 0 };
    const forecaster = following(steady(0.1, 0.7), head, P);
    for (const batch of windowBatches(data, { ...window, strideBins: B, batchSize: 16 })) {
      const { counts } = await forecaster.forecast(batch, Noise.of(1, beyond.all));
      for (let w = 0; w < batch.size; w++) {
        const sum = (of: Float32Array, at: number) => of.subarray(at, at + B * C).reduce((a, b) => a + b, 0);
        const each = B * P * C;
        const samples = Float64Array.from({ length: S }, (_, s) => sum(counts!, (w * S + s) * each));
        const pit = randomisedPit(samples, sum(batch.future, w * each), 0.5);
        beyond.all++;
        if (pit < 0.05) beyond.below++;
        if (pit > 0.95) beyond.above++;
      }
    }
    for (const side of ["below", "above"] as const) {
      expect(beyond[side] / beyond.all).toBeGreaterThan(0.03);
      expect(beyond[side] / beyond.all).toBeLessThan(0.07);
    }
  });

  test("gives the same counts whatever the future holds, and the same again when it goes back", async () => {
    const forecaster = following(steady(0.2), head, P);
    const batches = [
      ...windowBatches(
        culture(() => 0.5, 600),
        { ...window, strideBins: B, batchSize: 16 },
      ),
    ];
    const all = async (change: (count: number) => number) => {
      const out: Float32Array[] = [];
      for (const [k, batch] of batches.entries()) {
        const changed = { ...batch, future: batch.future.map(change) };
        out.push((await forecaster.forecast(changed, Noise.of(1, k))).counts!);
      }
      return out;
    };
    const first = await all((count) => count);
    expect(await all((count) => count + 3)).toEqual(first);
  });

  test("does not look over a gap, nor beyond what a history holds", async () => {
    const [one] = culture(() => 0.5, 2000).sequences;
    const gaps = {
      ...culture(() => 0, 1),
      sequences: Array.from({ length: 40 }, (_, i) => one.subarray(i * 50 * C, (i * 50 + 30) * C)),
    };
    const forecaster = following(steady(0), head, P);
    // One window a stretch: what became of it is never seen.
    for (const batch of windowBatches(gaps, { ...window, strideBins: B, batchSize: 40 }))
      await forecaster.forecast(batch, Noise.of(1));
    expect([...forecaster.widths]).toEqual([1, 1, 1, 1]);
  });

  test("a moment's widths are those of the windows before it", async () => {
    const data = culture(() => 1, 2000);
    const { width } = await headAt(following(steady(0), head, P), head, data, [0, 1900]);
    const forecaster = following(steady(0), head, P);
    await coverage(forecaster, { ...data, sequences: [data.sequences[0].subarray(0, 1900 * C)] });
    for (let p = 0; p < 2 * P; p++) {
      expect(width!.data[p]).toBeGreaterThan(1.2);
      expect(Math.abs(Math.log(width!.data[p] / forecaster.widths[p]))).toBeLessThan(0.5);
    }
    const early = await headAt(following(steady(0), head, P), head, data, [0, 60]);
    expect([...early.width!.data]).toEqual([1, 1, 1, 1]);
  });
});
